import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { link, rename } from 'node:fs/promises';
import { expect, onTestFinished, test } from 'vitest';
import { placeNew } from '../../src/local/create-target.ts';
import { localError } from '../../src/local/local-error.ts';
import { OpenDirectory } from '../../src/local/open-directory.ts';
import type { LocalArea, LocalTarget } from '../../src/local/places.ts';
import { enter, type Ground, makeGround, mountTiny, never, outcome, system, write } from './ground.ts';

const facts = { mode: 0o640, mtimeMs: 1_234_567_890_000 };

async function begin(
  area: LocalArea,
  { root }: Ground,
  options: { overwrite?: boolean; resume?: boolean; sourceId?: string; name?: string } = {},
): Promise<LocalTarget> {
  const { name = 'new.txt', ...rest } = options;
  const whole = { overwrite: false, resume: false, sourceId: 's', ...rest };
  return await area.createTarget(area.resolve(`${root}/${name}`), whole, never);
}

test('a committed file has its bytes, mode and time, and leaves nothing beside it', async () => {
  const ground = makeGround();
  const target = await begin(await enter(ground), ground);
  await target.part.write('content');
  expect(existsSync(`${ground.root}/new.txt`)).toBe(false);
  expect(statSync(`${ground.root}/${Buffer.from(target.partName)}`).mode & 0o777).toBe(0o600);
  await target.commit(facts);
  const { mode, mtimeMs, nlink } = statSync(`${ground.root}/new.txt`);
  expect([mode & 0o7777, mtimeMs, nlink]).toEqual([0o640, facts.mtimeMs, 1]);
  expect(readFileSync(`${ground.root}/new.txt`, 'utf8')).toBe('content');
  expect(readdirSync(ground.root).sort()).toEqual(['new.txt', 'plain.txt', 'sub']);
});

test('set-id bits of a mode are dropped', async () => {
  const ground = makeGround();
  const target = await begin(await enter(ground), ground);
  await target.commit({ mode: 0o6755, mtimeMs: 0, sync: false });
  expect(statSync(`${ground.root}/new.txt`).mode & 0o7777).toBe(0o755);
});

test('without overwrite, what exists is refused before there is a part', async () => {
  const ground = makeGround();
  const area = await enter(ground);
  symlinkSync('nowhere', `${ground.root}/dangling`);
  for (const name of ['plain.txt', 'dangling', 'sub']) {
    expect(await outcome(() => begin(area, ground, { name })), name).toBe('exists');
  }
  expect(readdirSync(ground.root).sort()).toEqual(['dangling', 'plain.txt', 'sub']);
});

test('without overwrite, what came meanwhile is refused at the commit, and the part can be kept', async () => {
  const ground = makeGround();
  const target = await begin(await enter(ground), ground);
  await target.part.write('late');
  writeFileSync(`${ground.root}/new.txt`, 'first');
  expect(await outcome(() => target.commit(facts))).toBe('exists');
  expect(await target.keep()).toBe(true);
  expect(readFileSync(`${ground.root}/new.txt`, 'utf8')).toBe('first');
  const part = `${ground.root}/${Buffer.from(target.partName)}`;
  expect(readFileSync(part, 'utf8')).toBe('late');
  expect(statSync(part).mode & 0o7777).toBe(0o600);
});

test('with overwrite, the new file replaces the old one, and a link itself, not what it leads to', async () => {
  const ground = makeGround();
  const area = await enter(ground);
  symlinkSync('sub/inner.txt', `${ground.root}/way`);
  for (const name of ['plain.txt', 'way']) {
    await write(area, area.resolve(`${ground.root}/${name}`), 'replaced');
    expect(lstatSync(`${ground.root}/${name}`).isFile()).toBe(true);
    expect(readFileSync(`${ground.root}/${name}`, 'utf8')).toBe('replaced');
  }
  expect(readFileSync(`${ground.root}/sub/inner.txt`, 'utf8')).toBe('inner');
});

test('where a file may get no second name, it still replaces nothing', async () => {
  const ground = makeGround();
  // Linux lets nobody link a file of another (fs.protected_hardlinks, proc(5)): as on file systems without links.
  const shared = `${ground.root}/sub/deep`;
  writeFileSync(`${shared}/part`, 'data', { mode: 0o600 });
  chownSync(shared, 65_534, 65_534);
  chmodSync(ground.base, 0o755);
  const directory = await OpenDirectory.openRoot(shared, true);
  process.seteuid?.(65_534);
  onTestFinished(() => {
    process.seteuid?.(0);
    return directory.release();
  });
  await expect(link(`${shared}/part`, `${shared}/second`)).rejects.toThrow('EPERM');
  await placeNew(directory, 'part', 'new');
  expect(readdirSync(shared)).toEqual(['new']);
  await rename(`${shared}/new`, `${shared}/part`);
  writeFileSync(`${shared}/taken`, 'first');
  await expect(placeNew(directory, 'part', 'taken')).rejects.toThrow('EEXIST');
  expect(readFileSync(`${shared}/taken`, 'utf8')).toBe('first');
});

test('a directory is never replaced, nor a place that became one or a FIFO', async () => {
  const ground = makeGround();
  const area = await enter(ground);
  expect(await outcome(() => begin(area, ground, { name: 'sub', overwrite: true }))).toBe('exists');
  expect(
    await outcome(() =>
      area.createTarget(area.resolve(ground.root), { overwrite: true, resume: false, sourceId: 's' }, never),
    ),
  ).toBe('exists');
  const target = await begin(area, ground, { overwrite: true });
  mkdirSync(`${ground.root}/new.txt`);
  expect(await outcome(() => target.commit(facts))).toBe('exists');
  await target.discard();
  const second = await begin(area, ground, { overwrite: true, name: 'pipe' });
  system('mkfifo', `${ground.root}/pipe`);
  expect(await outcome(() => second.commit(facts))).toBe('unsupported_file');
  await second.discard();
  expect(readdirSync(ground.root).sort()).toEqual(['new.txt', 'pipe', 'plain.txt', 'sub']);
});

test('a kept part is found again by the same source, and by no other', async () => {
  const ground = makeGround();
  const area = await enter(ground);
  const first = await begin(area, ground);
  await first.part.write('half');
  expect(await first.keep()).toBe(true);
  const other = await begin(area, ground, { resume: true, sourceId: 'changed' });
  expect(other.partBytes).toBe(0);
  await other.discard();
  const again = await begin(area, ground, { resume: true });
  expect([again.partBytes, again.partName]).toEqual([4, first.partName]);
  await again.part.write('+rest', 4);
  await again.commit(facts);
  expect(readFileSync(`${ground.root}/new.txt`, 'utf8')).toBe('half+rest');
  expect(readdirSync(ground.root).sort()).toEqual(['new.txt', 'plain.txt', 'sub']);
});

test('without resume an earlier part is thrown away; an empty one is not kept at all', async () => {
  const ground = makeGround();
  const area = await enter(ground);
  const first = await begin(area, ground);
  await first.part.write('half');
  await first.keep();
  const fresh = await begin(area, ground);
  expect(fresh.partBytes).toBe(0);
  expect(await fresh.keep()).toBe(false);
  expect(readdirSync(ground.root).sort()).toEqual(['plain.txt', 'sub']);
});

test('a discarded part is gone, and ends are taken once', async () => {
  const ground = makeGround();
  const target = await begin(await enter(ground), ground);
  await target.part.write('x');
  await target.discard();
  await target.discard();
  expect(await target.keep()).toBe(false);
  expect(readdirSync(ground.root).sort()).toEqual(['plain.txt', 'sub']);
});

test('a part that others may have had a hand in is not gone on with', async () => {
  const ground = makeGround();
  const area = await enter(ground);
  const probe = await begin(area, ground);
  const part = `${ground.root}/${Buffer.from(probe.partName)}`;
  await probe.discard();
  const makers: readonly (() => void)[] = [
    () => linkSync(`${ground.outside}/secret.txt`, part),
    () => symlinkSync(`${ground.outside}/secret.txt`, part),
    () => system('mkfifo', part),
    () => {
      writeFileSync(part, 'foreign');
      system('chown', '12345', part);
    },
  ];
  for (const make of makers) {
    make();
    const target = await begin(area, ground, { resume: true });
    expect(target.partBytes).toBe(0);
    await target.part.write('mine');
    await target.discard();
  }
  expect(readFileSync(`${ground.outside}/secret.txt`, 'utf8')).toContain('CANARY');
  mkdirSync(part);
  expect(await outcome(() => begin(area, ground, { resume: true }))).toBe('exists');
});

test('two calls do not write one part, and a part that was swapped is not put in place', async () => {
  const ground = makeGround();
  const area = await enter(ground);
  const first = await begin(area, ground);
  expect(await outcome(() => begin(area, ground))).toBe('busy');
  const part = `${ground.root}/${Buffer.from(first.partName)}`;
  linkSync(part, `${ground.root}/aside`);
  expect(await outcome(() => first.commit(facts))).toBe('transfer_failed');
  await first.discard();
  expect(existsSync(`${ground.root}/new.txt`)).toBe(false);
  const second = await begin(area, ground, { resume: true });
  await second.discard();
});

test('the part of a long name is no longer than a name may be, and one of its kind', async () => {
  const ground = makeGround();
  const area = await enter(ground);
  const names = ['ä'.repeat(127), `${'ä'.repeat(126)}b`, '€'.repeat(85), 'n'.repeat(255)];
  const parts = await Promise.all(names.map((name) => begin(area, ground, { name })));
  expect(new Set(parts.map(({ partName }) => String(partName))).size).toBe(names.length);
  for (const { partName } of parts) {
    expect(partName.length).toBeLessThanOrEqual(255);
    expect(Buffer.from(partName).toString()).not.toContain('\ufffd');
  }
  for (const part of parts) await part.commit(facts);
  expect(readdirSync(ground.root).length).toBe(names.length + 2);
});

test('a full disk is said, the old file stays, and the part can be gone on with', async () => {
  const ground = makeGround();
  mountTiny(`${ground.root}/tiny`);
  writeFileSync(`${ground.root}/tiny/file`, 'old');
  const area = await enter(ground);
  const target = await begin(area, ground, { name: 'tiny/file', overwrite: true });
  const error = await fill(target);
  expect(error).toMatchObject({ code: 'transfer_failed', message: expect.stringContaining('disk is full') });
  expect(await target.keep()).toBe(true);
  expect(readFileSync(`${ground.root}/tiny/file`, 'utf8')).toBe('old');
  const again = await begin(area, ground, { name: 'tiny/file', overwrite: true, resume: true });
  expect(again.partBytes).toBeGreaterThan(100_000);
  await again.discard();
  expect(readdirSync(`${ground.root}/tiny`)).toEqual(['file']);
});

test('a read-only file system is said before a byte moves', async () => {
  const ground = makeGround();
  mountTiny(`${ground.root}/tiny`);
  system('mount', '-o', 'remount,ro', `${ground.root}/tiny`);
  const area = await enter(ground);
  expect(await outcome(() => begin(area, ground, { name: 'tiny/file' }))).toBe('permission_denied');
  expect(await outcome(() => area.makeDirectory(area.resolve(`${ground.root}/tiny/d`), never))).toBe(
    'permission_denied',
  );
});

test('a directory of another user is said', async () => {
  const ground = makeGround();
  chmodSync(ground.base, 0o755);
  const area = await enter(ground);
  process.seteuid?.(65_534);
  onTestFinished(() => process.seteuid?.(0));
  expect(await outcome(() => begin(area, ground))).toBe('permission_denied');
  expect(await outcome(() => begin(area, ground, { name: 'plain.txt', overwrite: true }))).toBe(
    'permission_denied',
  );
});

test.each([
  ['EDQUOT', 'transfer_failed', 'quota'],
  ['EFBIG', 'transfer_failed', 'too large'],
  ['EIO', 'transfer_failed', 'EIO'],
  ['ESTALE', 'transfer_failed', 'ESTALE'],
  ['EMFILE', 'busy', 'too many'],
  ['EPERM', 'permission_denied', 'not permitted'],
  ['EILSEQ', 'invalid_argument', 'no such name'],
])('%s is told as %s', (errno, code, words) => {
  const error = localError(Object.assign(new Error(errno), { code: errno }), Buffer.from('/a\u001b[2J'));
  expect(error).toMatchObject({ code, message: expect.stringContaining(words) });
  expect((error as Error).message).not.toContain('\u001b');
});

test('what is no error of the system passes through', () => {
  const defect = new TypeError('defect');
  expect(localError(defect, Buffer.from('/a'))).toBe(defect);
});

test('directories are made closed, finished with mode and time, and found again', async () => {
  const ground = makeGround();
  const area = await enter(ground);
  const path = area.resolve(`${ground.root}/made`);
  expect(await area.makeDirectory(path, never)).toBe('made');
  expect(statSync(`${ground.root}/made`).mode & 0o7777).toBe(0o700);
  expect(await area.makeDirectory(path, never)).toBe('found');
  symlinkSync('made', `${ground.root}/way`);
  expect(await area.makeDirectory(area.resolve(`${ground.root}/way`), never)).toBe('found');
  expect(await outcome(() => area.makeDirectory(area.resolve(`${ground.root}/plain.txt`), never))).toBe(
    'exists',
  );
  expect(await outcome(() => area.makeDirectory(area.resolve(`${ground.root}/no/made`), never))).toBe(
    'path_not_found',
  );
  await area.finishDirectory(path, { mode: 0o4755, mtimeMs: facts.mtimeMs }, never);
  const { mode, mtimeMs } = statSync(`${ground.root}/made`);
  expect([mode & 0o7777, mtimeMs]).toEqual([0o755, facts.mtimeMs]);
  const file = area.resolve(`${ground.root}/plain.txt`);
  expect(await outcome(() => area.finishDirectory(file, facts, never))).toBe('not_a_directory');
});

test.each([
  ['inner.txt', 'done'],
  ['../plain.txt', 'done'],
  ['missing/below', 'done'],
  ['..', 'done'],
  ['../..', 'beam_outside_roots'],
  ['../../outside', 'beam_outside_roots'],
  ['../../root-twin', 'beam_outside_roots'],
  ['deep/../../../outside', 'beam_outside_roots'],
  ['deep/../inner.txt', 'beam_outside_roots'],
  ['../../root/plain.txt', 'done'],
  [`${'../'.repeat(50)}etc/passwd`, 'beam_outside_roots'],
  ['/etc/passwd', 'beam_outside_roots'],
  ['/proc/self/root', 'beam_outside_roots'],
  ['', 'beam_outside_roots'],
  ['a\0b', 'beam_outside_roots'],
] as const)('a link to %j comes to %s', async (target, expected) => {
  const ground = makeGround();
  const area = await enter(ground);
  const path = area.resolve(`${ground.root}/sub/link`);
  const make = (overwrite: boolean) => area.makeLink(path, Buffer.from(target), { overwrite }, never);
  expect(await outcome(() => make(false))).toBe(expected);
  expect(existsSync(`${ground.root}/sub/link`) || isLink(`${ground.root}/sub/link`)).toBe(
    expected === 'done',
  );
  if (expected !== 'done') return;
  expect(readlinkSync(`${ground.root}/sub/link`)).toBe(target);
  expect(await outcome(() => make(false))).toBe('exists');
  expect(await outcome(() => make(true))).toBe('done');
  expect(readdirSync(`${ground.root}/sub`).sort()).toEqual(['deep', 'inner.txt', 'link']);
});

test('an absolute link into a root is made; one in the place of a directory is not', async () => {
  const ground = makeGround();
  const area = await enter(ground);
  const make = (name: string) =>
    area.makeLink(
      area.resolve(`${ground.root}/${name}`),
      Buffer.from(`${ground.root}/plain.txt`),
      { overwrite: true },
      never,
    );
  await make('new');
  expect(readFileSync(`${ground.root}/new`, 'utf8')).toBe('plain');
  expect(await outcome(() => make('sub'))).toBe('exists');
  expect(await outcome(() => make(''))).toBe('exists');
  const depth = ground.root.split('/').length - 1;
  for (const target of [
    `${ground.root}/../outside`,
    `${'../'.repeat(depth + 1)}x`,
    `${'../'.repeat(depth + 2)}x`,
  ]) {
    const path = area.resolve(`${ground.root}/sub/out`);
    const made = area.makeLink(path, Buffer.from(target), { overwrite: false }, never);
    await expect(made).rejects.toMatchObject({ code: 'beam_outside_roots' });
  }
});

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
}

/** Write until it fails, and answer what scout_beam says of that. */
async function fill({ part }: LocalTarget): Promise<unknown> {
  const block = Buffer.alloc(16_384, 1);
  try {
    for (let at = 0; at < 10_000_000; at += block.length) await part.write(block, 0, block.length, at);
  } catch (thrown) {
    return localError(thrown, Buffer.from('/file'));
  }
  return undefined;
}
