import type { Options } from 'tsup';

type Plugin = NonNullable<Options['plugins']>[number];

/** Bundled CommonJS packages expect these; an ES module has none of them. */
const globals = [
  "import{createRequire as __scoutCreateRequire}from'node:module';",
  "import{fileURLToPath as __scoutToPath}from'node:url';",
  'const require=__scoutCreateRequire(import.meta.url),__filename=__scoutToPath(import.meta.url),',
  "__dirname=__scoutToPath(new URL('.',import.meta.url));",
].join('');

/** Gives the chunks that speak of `require`, `__filename` or `__dirname` what they mean, and no other chunk. */
export function commonJsGlobals(): Plugin {
  return {
    name: 'common-js-globals',
    renderChunk: (code) =>
      /\b(?:require|__filename|__dirname)\b/.test(code) ? { code: `${globals}\n${code}` } : undefined,
  };
}
