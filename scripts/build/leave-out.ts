import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
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
  // Node makes the demo's keys, and nothing here speaks HTTP through SSH.
  { specifier: /^\.\/keygen\.js$/, importer: /[\\/]ssh2[\\/]/, contents: '' },
  { specifier: /^\.\/http-agents\.js$/, importer: /[\\/]ssh2[\\/]/, contents: '' },
  // Scout asks agents itself (src/ssh/auth).
  {
    specifier: /^\.\/agent\.js$/,
    importer: /[\\/]ssh2[\\/]/,
    contents: `exports.isAgent = () => false; exports.createAgent = () => { ${throwing("ssh2's agents are not bundled")} }`,
  },
  // All of NaCl for its SHA-512, by which keys are decrypted: Node has one, and a faster one.
  {
    specifier: /^tweetnacl$/,
    contents: readFileSync('scripts/build/stand-ins/tweetnacl.cjs', 'utf8'),
  },
  // Poly1305 as WebAssembly in base64, with Emscripten's start-up: nothing here is larger for what it does.
  {
    specifier: /^\.\/crypto\/poly1305\.js$/,
    contents: readFileSync('scripts/build/stand-ins/poly1305.cjs', 'utf8'),
  },
  // The SDK's client, which is the demo's, starts node itself: what cross-spawn does for Windows scripts is not needed.
  { specifier: /^cross-spawn$/, contents: `export { spawn as default } from 'node:child_process'` },
  // The schemas of the tools are recorded at build (src/mcp/first-answers.ts), and nothing else here is published.
  {
    specifier: /\/(json-schema-processors|json-schema-generator|to-json-schema)\.js$/,
    importer: /[\\/]zod[\\/]/,
    contents: `export function toJSONSchema() { ${throwing('JSON Schema is made at build')} }
      export {
        toJSONSchema as JSONSchemaGenerator,
        toJSONSchema as createStandardJSONSchemaMethod,
        toJSONSchema as createToJSONSchemaMethod,
      };`,
  },
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
        build.onLoad({ filter: /.*/, namespace }, () => ({ contents, resolveDir: '.' }));
      }
      build.onLoad({ filter: /[\\/]ssh2[\\/]lib[\\/]protocol[\\/](crypto|SFTP)\.js$/ }, async ({ path }) => {
        const source = await readFile(path, 'utf8');
        const contents = path.endsWith('SFTP.js') ? withoutTransfers(source) : withoutBinding(source);
        if (contents === undefined) throw new Error(`${path} is no longer what parts of it are left out of`);
        return { contents, loader: 'js' };
      });
      build.onLoad({ filter: /[\\/]bcrypt-pbkdf[\\/]index\.js$/ }, async ({ path }) => ({
        contents: withoutDigits(await readFile(path, 'utf8')),
        loader: 'js',
      }));
    },
  };
}

/** Native and optional as well. tsup resolves `.node` files before any plugin of ours, so the require itself goes. */
function withoutBinding(source: string): string | undefined {
  const contents = source.replace(/let binding;(.*?)try \{.*?\} catch \{\}/s, (_, lets: string) => {
    const names = lets.matchAll(/let (\w+);/g);
    return ['binding', ...[...names].map(([, name]) => name)]
      .map((name) => `const ${name} = undefined;`)
      .join('');
  });
  return contents === source ? undefined : contents;
}

/** ssh2's own reading, writing and copying of whole files, and its streams of them: src/ssh/sftp has others. */
function withoutTransfers(source: string): string | undefined {
  const kept =
    /^(.*)^ {2}createReadStream\(.*?(^ {2}open\(.*)^ {2}fastGet\(.*?(^ {2}unlink\(.*)^function ReadStream\(.*^(module\.exports = .*)$/ms;
  return kept.exec(source)?.slice(1).join('\n');
}

const digitsOfPi = resolve('scripts/build/stand-ins/digits-of-pi.cjs');

/** Blowfish's tables: a hundredth of the package, and the digits of pi, which a key to decrypt has computed. */
function withoutDigits(source: string): string {
  const { wordsOfPi } = createRequire(digitsOfPi)(digitsOfPi);
  const boxes = [18, 274, 530, 786, 0]; // the four S-boxes, then the P-array, which has the first digits
  const contents = source.replace(/new Uint32Array\(\[([^\]]+)\]\)/g, (_, list: string) => {
    const numbers = list.split(',').map(Number);
    const from = boxes.shift() ?? 0;
    const to = from + numbers.length;
    if (String(numbers) !== String(wordsOfPi(from, to)))
      throw new Error("bcrypt-pbkdf's tables are not pi's digits");
    return `wordsOfPi(${from}, ${to})`;
  });
  if (boxes.length > 0) throw new Error("bcrypt-pbkdf's tables are not where they were");
  return `const { wordsOfPi } = require(${JSON.stringify(digitsOfPi)});\n${contents}`;
}
