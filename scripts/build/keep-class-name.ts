import { readFile } from 'node:fs/promises';
import type { Options } from 'tsup';

type Plugin = NonNullable<Options['esbuildPlugins']>[number];

/**
 * ssh2 asks a channel for the name of its class (`Session`, in lib/utils.js), which a minified class has lost: a
 * server of it, which the demo's hosts are, died by a TypeError when a connection ended behind the opening of a session.
 */
export function keepClassName(): Plugin {
  return {
    name: 'keep-class-name',
    setup(build) {
      build.onLoad({ filter: /[\\/]ssh2[\\/]lib[\\/]server\.js$/ }, async ({ path }) => {
        const source = await readFile(path, 'utf8');
        const contents = source.replace(/^class Session .*\{$/m, "$& static name = 'Session';");
        if (contents === source) throw new Error(`${path} has no class Session any more`);
        return { contents, loader: 'js' };
      });
    },
  };
}
