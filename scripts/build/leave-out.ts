import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Options } from 'tsup';

type Plugin = NonNullable<Options['esbuildPlugins']>[number];

interface Absent {
  /** The import as it is written. */
  readonly specifier: RegExp;
  /** Whose import; without it, anybody's. */
  readonly importer?: RegExp;
  readonly contents: string;
}

const throwing = (what: string) => `throw new Error(${JSON.stringify(what)})`;

const absent: readonly Absent[] = [
  // Native and optional: ssh2 catches the failed require.
  { specifier: /^cpu-features$/, contents: throwing('cpu-features is not bundled') },
  // The SDK's default validator. Ours is passed as `jsonSchemaValidator`; this one must never say "valid".
  {
    specifier: /validation\/ajv-provider\.js$/,
    contents: `export class AjvJsonSchemaValidator {
      getValidator() { ${throwing('ajv is not bundled: pass jsonSchemaValidator')} }
    }`,
  },
  // The SDK accepts schemas of zod 3 too; ours are all zod 4.
  {
    specifier: /^zod\/v3$/,
    importer: /modelcontextprotocol/,
    contents: `export function object() { ${throwing('zod 3 is not bundled')} }`,
  },
  {
    specifier: /^zod-to-json-schema$/,
    contents: `export function zodToJsonSchema() { ${throwing('zod-to-json-schema is not bundled')} }`,
  },
  // All of NaCl for its SHA-512, by which keys are decrypted: Node has one, and a faster one.
  {
    specifier: /^tweetnacl$/,
    contents: readFileSync('scripts/build/stand-ins/tweetnacl.cjs', 'utf8'),
  },
  // The SDK's client, which is the demo's, starts node itself: what cross-spawn does for Windows scripts is not needed.
  { specifier: /^cross-spawn$/, contents: `export { spawn as default } from 'node:child_process'` },
  // Fifty languages of error messages. English is imported on its own and stays.
  { specifier: /locales\/index\.js$/, importer: /[\\/]zod[\\/]/, contents: 'export {}' },
];

/** Replaces what the bundle never needs; measured, it halves the time to the first answer. */
export function leaveOut(): Plugin {
  return {
    name: 'leave-out',
    setup(build) {
      for (const [index, { specifier, importer, contents }] of absent.entries()) {
        const namespace = `left-out-${index}`;
        build.onResolve({ filter: specifier }, (asked) =>
          importer && !importer.test(asked.importer) ? undefined : { path: asked.path, namespace },
        );
        build.onLoad({ filter: /.*/, namespace }, () => ({ contents }));
      }
      // Native and optional as well. tsup resolves `.node` files before any plugin of ours, so the require itself goes.
      build.onLoad({ filter: /[\\/]ssh2[\\/]lib[\\/]protocol[\\/]crypto\.js$/ }, async ({ path }) => {
        const source = await readFile(path, 'utf8');
        const contents = source.replace("require('./crypto/build/Release/sshcrypto.node')", 'undefined');
        if (contents === source) throw new Error(`${path} no longer requires its native binding as expected`);
        return { contents, loader: 'js' };
      });
    },
  };
}
