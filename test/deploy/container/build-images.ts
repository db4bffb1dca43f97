import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../machine.ts';
import { copySources } from '../tools.ts';
import { buildStandIns } from './stand-ins.ts';

/**
 * The image under test, and two built one after the other from nothing. buildah 1.28 writes the random name of its
 * working container into an image of Docker's format, and leaves the health check out of one of OCI's: so the first is
 * run and looked at, and the digests of the others are compared.
 */
export const images = {
  tested: 'localhost/scout-mcp:tested',
  once: 'localhost/scout-mcp:once',
  again: 'localhost/scout-mcp:again',
} as const;

/**
 * Build them from one copy of the sources. SCOUT_TEST_REGISTRY=1 takes the base images that the Dockerfile names; else
 * they are stand-ins.
 */
export function buildImages(): void {
  const context = mkdtempSync(join(tmpdir(), 'scout-context-'));
  try {
    copySources(context);
    const bases = process.env.SCOUT_TEST_REGISTRY === '1' ? undefined : buildStandIns();
    for (const [name, tag] of Object.entries(images)) {
      run('buildah', [
        ...['bud', '--isolation=chroot', '--network=host', '--timestamp=0', '--no-cache'],
        `--format=${name === 'tested' ? 'docker' : 'oci'}`,
        ...(bases ? ['--build-arg', `BUILD_BASE=${bases.build}`] : []),
        ...(bases ? ['--build-arg', `RUNTIME_BASE=${bases.runtime}`] : []),
        ...npmConfiguration(),
        ...['--tag', tag, context],
      ]);
    }
  } finally {
    rmSync(context, { recursive: true, force: true });
  }
}

/** The registry of whoever runs this, by the secret that the Dockerfile takes. */
function npmConfiguration(): readonly string[] {
  const file = run('npm', ['config', 'get', 'userconfig']).trim();
  return existsSync(file) ? ['--secret', `id=npmrc,src=${file}`] : [];
}
