import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  readdirSync,
  renameSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { defaultDenyPaths } from '../../src/deny-paths.ts';
import { ScoutError } from '../../src/errors.ts';
import { localPlaces } from '../../src/local/local-places.ts';
import type { LocalOptions } from '../../src/local/places.ts';
import { rootFromUri } from '../../src/local/roots.ts';
import { enter, makeGround, never, outcome, readAll, system, write } from './ground.ts';

const bare: LocalOptions = { roots: undefined, denied: defaultDenyPaths(), own: [], homeDir: '/nonexistent' };

test.each([
  ['neither roots nor a client', {}],
  ['a client without roots', { clientRoots: async () => [] }],
  ['an empty list', { roots: [] }],
  [
    'roots of other kinds only',
    {
      clientRoots: async () => [
        'https://example.org/x',
        'file://server/share',
        'nonsense',
        'file:///a%2fb',
        'file:///a%00',
      ],
    },
  ],
  ['a root that is missing', { roots: ['/nonexistent/root'] }],
  ['a root that is a file', { roots: [import.meta.filename] }],
  ['a relative root', { roots: ['src'] }],
  ['a root with ..', { roots: ['/tmp/../etc'] }],
])('with %s everything is refused, and the fix names SCOUT_BEAM_ROOTS', async (_, options) => {
  const refused = localPlaces({ ...bare, ...options }).enter(never);
  await expect(refused).rejects.toMatchObject({
    code: 'beam_outside_roots',
    fix: expect.stringContaining('SCOUT_BEAM_ROOTS'),
  });
});

test.each([
  ['file:///home/u/My%20Work/', '/home/u/My Work'],
  ['file://localhost/srv', '/srv'],
  ['file:///', '/'],
  ['file:///caf%C3%A9/%ff', '/caf\u00c3\u00a9/\u00ff'],
  ['file:///a/%2e%2e/b', '/b'],
  ['file:///a%2fb', undefined],
  ['file:///a%2Fb', undefined],
  ['file:///a%00', undefined],
  ['file://server/share', undefined],
  ['https://localhost/srv', undefined],
  ['/srv', undefined],
])('the root %s is the directory %j', (uri, expected) => {
  expect(rootFromUri(uri)).toBe(expected);
});

test('Windows is told that there is none', async () => {
  expect(await outcome(() => localPlaces({ ...bare, roots: ['/tmp'] }, 'win32').enter(never))).toBe(
    'not_available',
  );
});

test('roots of the client are asked at each call, and SCOUT_BEAM_ROOTS comes before them', async () => {
  const ground = makeGround();
  mkdirSync(`${ground.base}/sp äce`);
  writeFileSync(`${ground.base}/sp äce/file`, 'there');
  let uris = [pathToFileURL(ground.root).href];
  const places = localPlaces({ ...bare, clientRoots: async () => uris });
  const first = await places.enter(never);
  expect(await readAll(first, first.resolve(`${ground.root}/plain.txt`))).toBe('plain');
  uris = [pathToFileURL(`${ground.base}/sp äce`).href];
  const second = await places.enter(never);
  expect(() => second.resolve(`${ground.root}/plain.txt`)).toThrow(ScoutError);
  expect(await readAll(second, second.resolve(`${ground.base}/sp äce/file`))).toBe('there');
  await Promise.all([first.close(), second.close()]);
  const given = await localPlaces({
    ...bare,
    roots: [ground.root],
    clientRoots: async () => ['file:///'],
  }).enter(never);
  expect(() => given.resolve('/etc/passwd')).toThrow(ScoutError);
  await given.close();
});

test('a root that is a link is entered by either name, and a link from one root to another is followed', async () => {
  const ground = makeGround();
  symlinkSync(ground.root, `${ground.base}/alias`);
  symlinkSync('../outside/dir/secret.txt', `${ground.root}/over`);
  symlinkSync(`${ground.outside}/dir`, `${ground.root}/across`);
  const area = await enter(ground, { roots: [`${ground.base}/alias`, `${ground.outside}/dir`] });
  for (const start of [`${ground.base}/alias`, ground.root]) {
    expect(await readAll(area, area.resolve(`${start}/plain.txt`))).toBe('plain');
    expect(await readAll(area, area.resolve(`${start}/over`))).toContain('CANARY');
    expect(await readAll(area, area.resolve(`${start}/across/secret.txt`))).toContain('CANARY');
  }
  expect(await outcome(() => readAll(area, area.resolve(`${ground.outside}/secret.txt`)))).toBe(
    'beam_outside_roots',
  );
});

test('~ is the home directory, and a relative path starts at the only root', async () => {
  const ground = makeGround();
  const one = await enter(ground, { roots: ['~/'], homeDir: ground.root });
  for (const text of ['~/plain.txt', 'plain.txt', './plain.txt', `${ground.root}//./plain.txt/`]) {
    expect(await readAll(one, one.resolve(text))).toBe('plain');
  }
  const two = await enter(ground, { roots: [ground.root, ground.outside] });
  expect(() => two.resolve('plain.txt')).toThrow(/relative/);
});

test('links inside the root are followed where a person named them, and not where a listing did', async () => {
  const ground = makeGround();
  symlinkSync('sub', `${ground.root}/dir`);
  symlinkSync('dir/deep/../inner.txt', `${ground.root}/file`);
  symlinkSync('loop', `${ground.root}/loop`);
  const area = await enter(ground);
  const path = area.resolve(`${ground.root}/file`);
  expect(await readAll(area, path)).toBe('inner');
  expect(await outcome(() => readAll(area, path, false))).toBe('unsupported_file');
  expect(await readAll(area, area.resolve(`${ground.root}/dir/inner.txt`), false)).toBe('inner');
  expect(await outcome(() => readAll(area, area.resolve(`${ground.root}/loop`)))).toBe('path_not_found');
  expect(await outcome(() => readAll(area, area.resolve(`${ground.root}/plain.txt/x`)))).toBe(
    'not_a_directory',
  );
  expect(await outcome(() => readAll(area, area.resolve(`${ground.root}/sub`)))).toBe('unsupported_file');
  expect(await area.look(area.resolve(`${ground.root}/nothing/here`), never)).toBeUndefined();
  expect(await area.look(area.resolve(`${ground.root}/dir`), never)).toMatchObject({ kind: 'directory' });
});

test('a source tells its facts, and whether it changed since', async () => {
  const ground = makeGround();
  const file = `${ground.root}/plain.txt`;
  chmodSync(file, 0o604);
  utimesSync(file, 1_000, 2_000.5);
  const area = await enter(ground);
  const open = () => area.openSource(area.resolve(file), { follow: false }, never);
  const source = await open();
  expect(source.facts).toEqual({ kind: 'file', sizeBytes: 5, mode: 0o604, mtimeMs: 2_000_500 });
  expect(await source.isUnchanged()).toBe(true);
  for (const change of [
    () => appendFileSync(file, 'more'),
    () => truncateSync(file, 1),
    () => utimesSync(file, 1, 1),
  ]) {
    const before = await open();
    change();
    expect(await before.isUnchanged()).toBe(false);
    await before.close();
  }
  const kept = await open();
  renameSync(file, `${file}.1`);
  expect(await kept.isUnchanged()).toBe(true);
  await kept.close();
  await source.close();
});

test('a listing keeps every byte of a name, in byte order, and tells what each is', async () => {
  const ground = makeGround();
  const names = [
    Buffer.from([0x66, 0xff, 0xfe]),
    Buffer.from('line\nfeed'),
    Buffer.from('cafe\u0301'),
    Buffer.from('caf\u00e9'),
    Buffer.from('-rf'),
    Buffer.from(' '),
  ];
  const directory = Buffer.from(`${ground.root}/sub/deep/`);
  for (const name of names) writeFileSync(Buffer.concat([directory, name]), name);
  system('mkfifo', `${ground.root}/sub/deep/pipe`);
  symlinkSync(Buffer.from([0x2e, 0x2f, 0xff]), `${ground.root}/sub/deep/zlink`);
  const area = await enter(ground);
  const path = area.resolve(`${ground.root}/sub/deep`);
  const entries = await area.list(path, 100, never);
  const sorted = [...names, Buffer.from('pipe'), Buffer.from('zlink')].sort(Buffer.compare);
  expect(entries.map(({ name }) => Buffer.from(name))).toEqual(sorted);
  expect(entries.find(({ name }) => String(name) === 'pipe')?.facts.kind).toBe('fifo');
  expect(entries.find(({ name }) => String(name) === 'zlink')).toMatchObject({
    linkTarget: Buffer.from([0x2e, 0x2f, 0xff]),
    leadsOut: false,
  });
  for (const name of names) {
    expect(await readAll(area, area.child(path, name))).toBe(name.toString('latin1'));
    await write(area, area.child(area.resolve(ground.root), name), 'copy');
  }
  expect(
    readdirSync(ground.root, 'buffer').filter((name) => names.some((own) => own.equals(name))).length,
  ).toBe(names.length);
  expect(await outcome(() => area.list(path, 3, never))).toBe('output_limit');
});

test.each(['', '.', '..', 'a/b', 'a\0', 'n'.repeat(256)])('%j is no name in a directory', async (name) => {
  const ground = makeGround();
  const area = await enter(ground);
  expect(() => area.child(area.resolve(ground.root), Buffer.from(name))).toThrow(
    /no path that scout_beam takes/,
  );
});

test('files that the kernel makes up are not copied', async () => {
  const area = await enter({ root: '/proc/sys/kernel' });
  expect(await outcome(() => readAll(area, area.resolve('/proc/sys/kernel/ostype')))).toBe(
    'unsupported_file',
  );
});

test('a directory that was replaced is found anew, not the one that was open', async () => {
  const ground = makeGround();
  const area = await enter(ground);
  const path = area.resolve(`${ground.root}/sub/inner.txt`);
  expect(await readAll(area, path)).toBe('inner');
  renameSync(`${ground.root}/sub`, `${ground.root}/old`);
  mkdirSync(`${ground.root}/sub`);
  writeFileSync(`${ground.root}/sub/inner.txt`, 'other');
  expect(await readAll(area, path)).toBe('other');
});

test('many directories are gone through with few descriptors, and none is left open', async () => {
  const ground = makeGround();
  const area = await enter(ground);
  const before = openDescriptors();
  for (let number = 0; number < 200; number++) {
    const directory = area.resolve(`${ground.root}/d${number}`);
    await area.makeDirectory(directory, never);
    await area.look(area.child(directory, Buffer.from('f')), never);
  }
  expect(openDescriptors() - before).toBeLessThanOrEqual(129);
  await area.close();
  expect(openDescriptors()).toBeLessThan(before);
});

test('a call that was cancelled ends with the reason, and what came too late is given back', async () => {
  const ground = makeGround();
  const area = await enter(ground);
  const controller = new AbortController();
  const reason = new ScoutError('cancelled', 'enough', 'none');
  await area.list(area.resolve(`${ground.root}/sub`), 10, never);
  const before = openDescriptors();
  const path = area.resolve(`${ground.root}/plain.txt`);
  const opening = area.openSource(path, { follow: true }, controller.signal);
  const other = area.resolve(`${ground.root}/new`);
  const creating = area.createTarget(
    other,
    { overwrite: false, resume: false, sourceId: 's' },
    controller.signal,
  );
  const listing = area.list(area.resolve(ground.root), 10, controller.signal);
  controller.abort(reason);
  for (const work of [opening, creating, listing]) await expect(work).rejects.toBe(reason);
  await expect(localPlaces({ ...bare, roots: [ground.root] }).enter(controller.signal)).rejects.toBe(reason);
  // By then what was given up has come to its end as well.
  for (let time = 0; time < 5; time++) {
    await readAll(area, path);
    await write(area, area.resolve(`${ground.root}/sub/other`), 'x');
  }
  await expect.poll(() => openDescriptors()).toBeLessThanOrEqual(before);
  await expect.poll(() => readdirSync(ground.root).sort()).toEqual(['plain.txt', 'sub']);
});

test('an error names the path on one line, with nothing invisible', async () => {
  const ground = makeGround();
  const area = await enter(ground);
  const missing = area.openSource(area.resolve(`${ground.root}/a\n\u001b[2J\u202e`), { follow: true }, never);
  await expect(missing).rejects.toThrow(/^[\x20-\x7e⏎]+$/);
});

function openDescriptors(): number {
  return readdirSync('/proc/self/fd').length;
}
