import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type MinifyOptions, minify } from 'terser';
import type { Options } from 'tsup';

type Plugin = NonNullable<Options['plugins']>[number];

const memory = resolve('node_modules', '.cache', 'minified');

/**
 * Minify each chunk by terser, and remember what became of it: terser is four fifths of a build, and what was built by
 * `npm ci` is built again for the demo, the list of parts and after every change.
 */
export function minifyOnce(options: MinifyOptions): Plugin {
  const { version } = JSON.parse(readFileSync(resolve('node_modules', 'terser', 'package.json'), 'utf8'));
  const how = JSON.stringify([version, options]);
  return {
    name: 'minify-once',
    async renderChunk(code) {
      const path = join(memory, createHash('sha256').update(how).update(code).digest('hex'));
      const known = readIfThere(path);
      if (known !== undefined) return { code: known };
      const { code: minified = '' } = await minify(code, options);
      keep(path, minified);
      return { code: minified };
    },
  };
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** Whole or not at all, for another build may read it in the same moment. */
function keep(path: string, text: string): void {
  mkdirSync(memory, { recursive: true });
  const part = `${path}.${randomUUID()}`;
  writeFileSync(part, text);
  renameSync(part, path);
}
