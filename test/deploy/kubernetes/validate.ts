import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { toolDirectory } from '../tools.ts';
import type { Manifest } from './manifests.ts';

/** Fields of a class of the API, as @kubernetes/client-node generates them from its OpenAPI document. */
interface ApiClass {
  getAttributeTypeMap(): readonly { readonly baseName: string; readonly type: string }[];
}

type Validator = new (manifest: Manifest) => { validate(): void };

/**
 * What the API would say against a manifest: the values, by the JSON schemas of kubernetes-models (External Secrets
 * too), and every field that it does not know, by the classes of client-node. Empty: nothing.
 */
export async function problemsOf(manifest: Manifest): Promise<string[]> {
  const { apiVersion, kind } = manifest;
  const isForeign = apiVersion.startsWith('external-secrets.io/');
  const models = isForeign ? '@kubernetes-models/external-secrets' : 'kubernetes-models';
  const group = packageFile(models, apiVersion, 'index.js');
  if (!existsSync(group)) return [`there is no ${apiVersion}`];
  const validators: Readonly<Record<string, Validator>> = await import(group);
  const validator = validators[kind];
  if (!validator) return [`${apiVersion} has no ${kind}`];
  const problems: string[] = [];
  try {
    new validator(manifest).validate();
  } catch (error) {
    problems.push(error instanceof Error ? error.message : String(error));
  }
  if (!isForeign) {
    const classes = await apiClasses();
    if (classes.has(`V1${kind}`)) unknownFields(manifest, `V1${kind}`, kind, classes, problems);
    else problems.push(`client-node has no V1${kind}`);
  }
  return problems;
}

function unknownFields(
  value: unknown,
  type: string,
  path: string,
  classes: ReadonlyMap<string, ApiClass>,
  problems: string[],
): void {
  const [, item] = /^Array<(.*)>$/.exec(type) ?? [];
  const [, entry] = /^\{ \[key: string\]: (.*); \}$/.exec(type) ?? [];
  if (item) {
    if (!Array.isArray(value)) problems.push(`${path} is no list`);
    else
      for (const [index, one] of value.entries())
        unknownFields(one, item, `${path}[${index}]`, classes, problems);
  } else if (entry) {
    for (const [name, one] of Object.entries(value ?? {}))
      unknownFields(one, entry, `${path}.${name}`, classes, problems);
  } else if (classes.has(type)) {
    const fields = new Map(
      classes
        .get(type)
        ?.getAttributeTypeMap()
        .map((field) => [field.baseName, field.type]),
    );
    for (const [name, one] of Object.entries(value ?? {})) {
      const known = fields.get(name);
      if (known === undefined) problems.push(`${path}.${name} is unknown`);
      else unknownFields(one, known, `${path}.${name}`, classes, problems);
    }
  }
}

async function apiClasses(): Promise<ReadonlyMap<string, ApiClass>> {
  const classes: Readonly<Record<string, ApiClass>> = await import(
    packageFile('@kubernetes/client-node', 'dist/gen/models/all.js')
  );
  return new Map(Object.entries(classes));
}

function packageFile(...path: readonly string[]): string {
  return join(toolDirectory('kubernetes'), 'node_modules', ...path);
}
