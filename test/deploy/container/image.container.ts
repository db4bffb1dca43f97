import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { run } from '../machine.ts';
import { images } from './build-images.ts';
import { runPodman } from './podman.ts';

const root = join(import.meta.dirname, '..', '..', '..');

interface Entry {
  readonly path: string;
  readonly type: string;
  readonly mode: number;
  readonly uid: number;
}

let facts: {
  readonly Size: number;
  readonly RootFS: unknown;
  readonly Healthcheck: unknown;
  readonly Config: Readonly<Record<string, unknown>> & { readonly Labels: Readonly<Record<string, string>> };
};
let entries: readonly Entry[];

beforeAll(() => {
  facts = inspect(images.tested);
  entries = list(images.tested);
});

function inspect(image: string) {
  return JSON.parse(runPodman('image', 'inspect', image))[0];
}

/** Every file of an image, by its path from the root. */
function list(image: string): Entry[] {
  const mounted = runPodman('image', 'mount', image).trim();
  const found = run('find', [mounted, '-xdev', '-printf', '%P\\t%y\\t%m\\t%U\\n']);
  runPodman('image', 'unmount', image);
  return found
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const [path = '', type = '', mode = '', uid = ''] = line.split('\t');
      return { path, type, mode: Number.parseInt(mode, 8), uid: Number(uid) };
    });
}

describe('the image', () => {
  it('is smaller than 130 MB', () => {
    console.info(`size: ${(facts.Size / 1e6).toFixed(1)} MB`);
    expect(facts.Size).toBeLessThan(130e6);
  });

  it('has the same digest when it is built again from nothing', () => {
    const { Digest, RootFS } = inspect(images.once);
    expect(inspect(images.again).Digest).toBe(Digest);
    expect(facts.RootFS).toEqual(RootFS);
  });

  it('runs as 65532, has no port, no volume and a health check without a shell', () => {
    expect(facts.Config).toMatchObject({
      User: '65532:65532',
      WorkingDir: '/home/nonroot',
      Entrypoint: ['/usr/local/bin/node', '/app/bin/scout-mcp.js'],
    });
    const test = ['CMD', '/usr/local/bin/node', '/app/bin/scout-mcp.js', 'doctor', '--ready'];
    expect(facts.Healthcheck).toMatchObject({ Test: test });
    for (const name of ['ExposedPorts', 'Volumes', 'Cmd']) expect(facts.Config).not.toHaveProperty(name);
  });

  it('says what it is, by the labels of OCI', () => {
    const { version, license } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const label = (name: string) => facts.Config.Labels[`org.opencontainers.image.${name}`];
    expect([label('title'), label('version'), label('licenses')]).toEqual(['scout-mcp', version, license]);
    for (const name of ['description', 'source', 'revision']) expect(label(name)).toMatch(/\S/);
  });

  it('has no shell, no package manager and no ssh', () => {
    const programs =
      /(^|\/)((ba|da|z|k|c|tc|fi)?sh|busybox|toybox|perl|python3?|apt|apt-get|dpkg|npm|npx|ssh|sudo|su)$/;
    expect(entries.filter(({ path, type }) => 'fl'.includes(type) && programs.test(path))).toEqual([]);
    expect(entries.map(({ path }) => path)).toContain('usr/local/bin/node'); // the list is not empty
  });

  it('has nothing with set-uid, and nothing that its user or others may write but a place for temporary files and state', () => {
    const files = entries.filter(({ type }) => type !== 'l');
    expect(files.filter(({ mode }) => (mode & 0o6000) !== 0 && mode !== 0o2775)).toEqual([]);
    const writable = files
      .filter(({ mode, uid }) => uid !== 0 || (mode & 0o002) !== 0)
      .map(({ path }) => path);
    expect(writable.sort()).toEqual(expect.arrayContaining(['home/nonroot', 'tmp', 'var/lib/scout']));
    expect(
      writable.filter((path) => !/^(home\/nonroot|tmp|var\/tmp|(run|var)\/lock|var\/lib\/scout)$/.test(path)),
    ).toEqual([]);
  });

  it('has of this checkout what npm publishes, and no key, configuration, source or dependency', () => {
    const packed = JSON.parse(
      run('npm', ['pack', '--dry-run', '--ignore-scripts', '--json'], { cwd: root }),
    )[0];
    const published = new Set<string>(packed.files.map(({ path }: { path: string }) => path));
    const ours = entries.filter(({ path, type }) => type === 'f' && path.startsWith('app/'));
    const names = ours
      .map(({ path }) => path.slice('app/'.length))
      .filter((path) => !path.startsWith('dist/'));
    expect(names.sort()).toEqual([...published].filter((path) => !path.startsWith('dist/')).sort());
    expect(ours.map(({ path }) => path)).toContain('app/dist/main.js');
    const secret =
      /(^|\/)(\.env|\.npmrc|id_(rsa|ed25519|ecdsa)|known_hosts|authorized_keys|node_modules)(\/|$)/;
    expect(entries.filter(({ path }) => secret.test(path))).toEqual([]);
  });
});
