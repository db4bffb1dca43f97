import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import type { Scenario } from './against-ssh.ts';

/** The keys that lines may hold, each `TYPE BASE64`; the server's own and others of the same types. */
export interface Keys {
  readonly own: readonly string[];
  readonly foreign: readonly string[];
}

/** Known_hosts files of every shape that sshd(8) describes, and of some that it does not. */
export function scenarios(port: number, { own, foreign }: Keys): fc.Arbitrary<Scenario> {
  const address = '127.0.0.1';
  const withPort = `[${address}]:${port}`;
  const names = [withPort, withPort, address, 'ALIAS', 'alias', 'other.example', `[${address}]:${port + 1}`];
  const wild = ['*', '127.*', '[127.0.0.?]:*', `[*]:${port}`, '?27.0.0.1', 'a*', '[127.*'];
  const pattern = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...names) },
    fc.constantFrom(...wild),
    fc.constantFrom(...names, ...wild).map((name) => `!${name}`),
  );
  const hashed = fc
    .tuple(fc.constantFrom(...names), fc.uint8Array({ minLength: 20, maxLength: 20 }))
    .map(([name, salt]) => `|1|${base64(salt)}|${createHmac('sha1', salt).update(name).digest('base64')}`);
  const hosts = fc.oneof(
    { weight: 3, arbitrary: fc.array(pattern, { minLength: 1, maxLength: 3 }).map((list) => list.join(',')) },
    { weight: 2, arbitrary: hashed },
    fc.constantFrom('|1|short|hash', '|2|x|y', ',', '!'),
  );
  const key = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...own) },
    { weight: 3, arbitrary: fc.constantFrom(...foreign) },
    { weight: 1, arbitrary: fc.constantFrom(...own, ...foreign).chain(damaged) },
  );
  const marker = fc.oneof(
    { weight: 8, arbitrary: fc.constant('') },
    fc.constantFrom('@revoked ', '@cert-authority ', '@REVOKED ', '@unknown ', '@revoked @revoked '),
  );
  const comment = fc.constantFrom('', '', ' a comment', ' # a comment', '\t', '  ');
  const entry = fc
    .tuple(fc.constantFrom('', '', ' ', '\t'), marker, hosts, fc.constantFrom(' ', '\t', '  '), key, comment)
    .map((parts) => parts.join(''));
  const noise = fc.constantFrom(
    '',
    '# comment',
    'garbage',
    `${withPort} ssh-ed25519`,
    `${withPort} # x y`,
    ' ',
    '@revoked',
  );
  const file = fc
    .tuple(
      fc.array(fc.oneof({ weight: 6, arbitrary: entry }, noise), { maxLength: 5 }),
      fc.constantFrom('\n', '\n', '\n', '\r\n'),
      fc.boolean(),
    )
    .map(([lines, end, ended]) => lines.join(end) + (ended ? end : ''));
  return fc
    .record({
      user: file,
      global: fc.oneof({ weight: 2, arbitrary: fc.constant('') }, file),
      checking: fc.constantFrom('yes', 'yes', 'yes', 'accept-new', 'no'),
      alias: fc.constantFrom(undefined, undefined, undefined, 'alias', 'ALIAS'),
      hash: fc.boolean(),
    })
    .map(({ alias, ...rest }) => ({ ...rest, ...(alias !== undefined && { alias }) }));
}

/** A key that OpenSSH cannot read: wrong type, cut, stray characters; or one that it reads all the same. */
function damaged(key: string): fc.Arbitrary<string> {
  const [type = '', blob = ''] = key.split(' ');
  return fc.constantFrom(
    `${type} ${blob.slice(0, -8)}`,
    `${type} ${blob.replace(/=+$/, '')}`,
    `${type} ${blob}AAAA`,
    `${type} !${blob}`,
    `ssh-dss ${blob}`,
    `rsa-sha2-512 ${blob}`,
    `${type.toUpperCase()} ${blob}`,
    `${type}`,
  );
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
