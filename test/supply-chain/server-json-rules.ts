import { z } from 'zod';

// The registry's rules for server.json, as far as this product uses them, from its schema of 2025-12-11
// (static.modelcontextprotocol.io, SHA-256 3fba0959…14de0). That one lets unknown fields through; here a field that it
// does not name is an error, since it would be one that nobody reads.

const input = {
  description: z.string(),
  format: z.enum(['string', 'number', 'boolean', 'filepath']),
  placeholder: z.string(),
  choices: z.array(z.string()).min(2).optional(),
};

const exactVersion = z
  .string()
  .min(1)
  .max(255)
  .regex(/^\d+\.\d+\.\d+(?:-[\w.]+)?$/);

const stdio = z.strictObject({ type: z.literal('stdio') });

const npmPackage = z.strictObject({
  registryType: z.literal('npm'),
  identifier: z.string(),
  version: exactVersion,
  runtimeHint: z.literal('npx'),
  transport: stdio,
  environmentVariables: z.array(z.strictObject({ name: z.string().regex(/^SCOUT_[A-Z_]+$/), ...input })),
});

const bundlePackage = z.strictObject({
  registryType: z.literal('mcpb'),
  identifier: z.url(),
  version: exactVersion,
  fileSha256: z.string().regex(/^[a-f0-9]{64}$/),
  transport: stdio,
});

export const serverJsonRules = z.strictObject({
  $schema: z.literal('https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json'),
  name: z
    .string()
    .min(3)
    .max(200)
    .regex(/^[a-zA-Z0-9.-]+\/[a-zA-Z0-9._-]+$/),
  title: z.string().min(1).max(100),
  description: z.string().min(1).max(100),
  repository: z.strictObject({ url: z.url(), source: z.literal('github') }).optional(),
  version: exactVersion,
  packages: z.array(z.union([npmPackage, bundlePackage])),
});
