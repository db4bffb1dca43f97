import { existsSync, linkSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { parseDenyPaths } from '../../src/deny-paths.ts';
import { ownFiles } from '../../src/local/own-files.ts';
import { deniedNames } from './escape-attempts.ts';
import { enter, makeGround, never, outcome, readAll, write } from './ground.ts';

function put(path: string, content = 'x'): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}

test.each(deniedNames)('%s below a root is not read, not written and not made', async (name) => {
  const ground = makeGround();
  const file = put(`${ground.root}/${name}`);
  const area = await enter(ground);
  expect(await outcome(() => readAll(area, area.resolve(file)))).toBe('path_denied');
  expect(await outcome(() => area.look(area.resolve(file), never))).toBe('path_denied');
  expect(await outcome(() => write(area, area.resolve(file), 'y'))).toBe('path_denied');
  const options = { overwrite: true, resume: true, sourceId: 's' };
  expect(await outcome(() => area.createTarget(area.resolve(file), options, never))).toBe('path_denied');
  rmSync(file);
  expect(await outcome(() => area.createTarget(area.resolve(file), options, never))).toBe('path_denied');
  expect(await outcome(() => area.makeDirectory(area.resolve(file), never))).toBe('path_denied');
  const making = area.makeLink(area.resolve(file), Buffer.from('x'), { overwrite: true }, never);
  await expect(making).rejects.toMatchObject({ code: 'path_denied' });
  expect(readdirSync(dirname(file)).filter((left) => left.includes('scout'))).toEqual([]);
});

test('a link to a denied file is refused, and a listing says so', async () => {
  const ground = makeGround();
  put(`${ground.root}/.netrc`);
  symlinkSync('.netrc', `${ground.root}/way`);
  symlinkSync(ground.outside, `${ground.root}/out`);
  symlinkSync('plain.txt', `${ground.root}/fine`);
  symlinkSync('missing', `${ground.root}/dangling`);
  const area = await enter(ground);
  expect(await outcome(() => readAll(area, area.resolve(`${ground.root}/way`)))).toBe('path_denied');
  const entries = await area.list(area.resolve(ground.root), 100, never);
  expect(entries.map(({ name, isDenied, leadsOut }) => [String(name), isDenied, leadsOut])).toEqual([
    ['.netrc', true, undefined],
    ['dangling', false, false],
    ['fine', false, false],
    ['out', false, true],
    ['plain.txt', false, undefined],
    ['sub', false, undefined],
    ['way', false, true],
  ]);
});

test('an exception of SCOUT_DENY_PATHS lets read, and not write', async () => {
  const ground = makeGround();
  const file = put(`${ground.root}/.ssh/authorized_keys`, 'ssh-ed25519 AAAA');
  const area = await enter(ground);
  expect(await readAll(area, area.resolve(file))).toBe('ssh-ed25519 AAAA');
  expect(await outcome(() => write(area, area.resolve(file), 'y'))).toBe('path_denied');
  const beside = area.resolve(`${ground.root}/.ssh/authorized_keys2`);
  expect(await outcome(() => write(area, beside, 'y'))).toBe('path_denied');
});

test('a pattern of the user holds, and its directory is not entered', async () => {
  const ground = makeGround();
  const file = put(`${ground.root}/vault/a/b`);
  const denied = parseDenyPaths([`${ground.root}/vault`]);
  if (!denied) throw new Error('no pattern');
  const area = await enter(ground, { denied });
  expect(await outcome(() => readAll(area, area.resolve(file)))).toBe('path_denied');
  expect(await outcome(() => area.list(area.resolve(dirname(file)), 10, never))).toBe('path_denied');
  expect(await outcome(() => area.makeDirectory(area.resolve(`${ground.root}/vault/new`), never))).toBe(
    'path_denied',
  );
});

test('files of the server are not touched, by whatever name', async () => {
  const ground = makeGround();
  const audit = put(`${ground.root}/audit.jsonl`);
  const program = dirname(put(`${ground.root}/program/main.js`));
  linkSync(audit, `${ground.root}/other-name`);
  symlinkSync('program', `${ground.root}/way`);
  symlinkSync(ground.root, `${ground.outside}/root-link`);
  const later = `${ground.outside}/root-link/metrics.prom`;
  const area = await enter(ground, { own: [audit, program, later] });
  for (const name of [
    'audit.jsonl',
    'other-name',
    'program/main.js',
    'way/main.js',
    'AUDIT.jsonl',
    'metrics.prom',
  ]) {
    const path = area.resolve(join(ground.root, name));
    expect(await outcome(() => write(area, path, 'y')), name).toBe('path_denied');
    if (existsSync(join(ground.root, name)))
      expect(await outcome(() => readAll(area, path)), name).toBe('path_denied');
  }
  expect(await outcome(() => area.list(area.resolve(`${ground.root}/way`), 10, never))).toBe('path_denied');
});

test('a root within what belongs to the server is no way in', async () => {
  const ground = makeGround();
  const area = await enter(ground, { own: [ground.base] });
  expect(await outcome(() => readAll(area, area.resolve(`${ground.root}/plain.txt`)))).toBe('path_denied');
});

test('the server keeps its configuration, what it writes, its program and its Node.js', () => {
  const config = { sshConfig: '/c', knownHosts: '/k', auditLog: '/a', metricsFile: undefined };
  const own = ownFiles(config, '/home/u');
  expect(own).toEqual(
    expect.arrayContaining(['/c', '/k', '/a', '/home/u/.ssh', '/etc/ssh', process.execPath]),
  );
  expect(own).toContain(join(process.cwd(), 'src/local'));
  expect(own).not.toContain(undefined);
});
