import { execFileSync } from 'node:child_process';
import { createHash, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A text with a secret in it, and what of it must not be seen; both made when the test runs, never written down. */
export interface Sample {
  readonly name: string;
  readonly text: string;
  /** Pieces of at least eight characters, or the whole secret. */
  readonly hidden: readonly string[];
  readonly kind: string;
}

const lower = 'abcdefghijklmnopqrstuvwxyz';
const alnum = `${lower}${lower.toUpperCase()}0123456789`;
/** The same every time, so that a failure can be repeated. */
export function random(alphabet: string, length: number, seed: string): string {
  const digest = createHash('shake256', { outputLength: length * 2 })
    .update(`${seed}${length}`)
    .digest();
  return Array.from({ length }, (_, at) => alphabet[digest.readUInt16LE(at * 2) % alphabet.length]).join('');
}
const word = (length: number, seed = 'w') => random(alnum, length, seed);
const hex = (length: number) => random('0123456789abcdef', length, 'hex');
const base64 = (bytes: number) => Buffer.from(random(alnum, bytes, 'b64')).toString('base64');

function sample(
  name: string,
  kind: string,
  secret: string,
  around = (text: string) => `before\n${text}\nafter\n`,
): Sample {
  return { name, kind, text: around(secret), hidden: [secret] };
}

function tokens(): readonly Sample[] {
  const up = random('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', 16, 'aws');
  const part = (json: object) => Buffer.from(JSON.stringify(json)).toString('base64url');
  const jwt = [part({ alg: 'HS256', typ: 'JWT' }), part({ sub: 'admin', n: 1 }), word(43)].join('.');
  const made: readonly (readonly [name: string, kind: string, secret: string])[] = [
    ['AWS access key', 'aws-access-key', `AKIA${up}`],
    ['AWS temporary key', 'aws-access-key', `ASIA${up}`],
    ['GCP API key', 'gcp-api-key', `AIza${word(35)}`],
    ['GCP access token', 'gcp-token', `ya29.${word(60)}`],
    ...['p', 'o', 'u', 's', 'r'].map(
      (letter) => [`GitHub gh${letter}`, 'github-token', `gh${letter}_${word(36)}`] as const,
    ),
    ['GitHub fine-grained', 'github-token', `github_pat_${word(22)}_${word(59)}`],
    ['GitLab personal', 'gitlab-token', `glpat-${word(20)}`],
    ['GitLab deploy', 'gitlab-token', `gldt-${word(20)}`],
    ['GitLab runner', 'gitlab-token', `glrt-${word(20)}`],
    ['GitLab CI job', 'gitlab-token', `glcbt-64_${word(20)}`],
    ['GitLab routable', 'gitlab-token', `glpat-${word(27)}.01.${word(9)}`],
    ['Slack bot', 'slack-token', `xoxb-${random('0123456789', 12, 's')}-${word(24)}`],
    ['Slack user', 'slack-token', `xoxp-${random('0123456789', 12, 's')}-${word(24)}`],
    ['Slack app', 'slack-token', `xapp-1-A0${word(60)}`],
    ['Stripe secret', 'stripe-key', `sk_live_${word(24)}`],
    ['Stripe restricted', 'stripe-key', `rk_test_${word(24)}`],
    ['Stripe webhook', 'webhook-secret', `whsec_${word(32)}`],
    ['npm', 'npm-token', `npm_${word(36)}`],
    ['PyPI', 'pypi-token', `pypi-AgEIcHlwaS5vcmc${word(80)}`],
    ['Docker Hub', 'docker-token', `dckr_pat_${word(27)}`],
    ['DigitalOcean', 'digitalocean-token', `dop_v1_${hex(64)}`],
    ['SendGrid', 'sendgrid-key', `SG.${word(22)}.${word(43)}`],
    ['OpenAI', 'api-key', `sk-${word(20)}T3BlbkFJ${word(20)}`],
    ['OpenAI project', 'api-key', `sk-proj-${word(40)}_${word(30)}`],
    ['Anthropic', 'api-key', `sk-ant-api03-${word(80)}-${word(10)}AA`],
    ['Hugging Face', 'huggingface-token', `hf_${word(34)}`],
    ['Vault', 'vault-token', `hvs.${word(90)}`],
    ['Shopify', 'shopify-token', `shpat_${hex(32)}`],
    ['Databricks', 'databricks-token', `dapi${hex(32)}`],
    ['Tailscale', 'tailscale-key', `tskey-auth-${word(20)}`],
    ['Telegram', 'telegram-token', `:AA${word(33)}`],
    ['JWT', 'jwt', jwt],
    ['age', 'age-key', `AGE-SECRET-KEY-1${random('QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L', 58, 'age')}`],
    ['yescrypt', 'password-hash', `$y$j9T$${word(22)}$${word(43)}`],
    ['SHA-512 crypt', 'password-hash', `$6$${word(16)}$${word(86)}`],
    ['bcrypt', 'password-hash', `$2y$10$${word(53)}`],
    ['apr1', 'password-hash', `$apr1$${word(8)}$${word(22)}`],
    ['LDAP SSHA', 'password-hash', `{SSHA}${base64(24)}`],
    ['argon2', 'password-hash', `$argon2id$v=19$m=65536,t=3,p=4$${word(22)}$${word(43)}`],
  ];
  return made.map(([name, kind, secret]) =>
    sample(
      name,
      kind,
      secret,
      (text) => `line\nvalue: "${name === 'Telegram' ? '1234567890' : ''}${text}" here\nline\n`,
    ),
  );
}

function assignments(): readonly Sample[] {
  const secret = `Tr0ub4dor${word(6)}`;
  const forms: readonly (readonly [string, string])[] = [
    ['INI', `[db]\npassword = ${secret}\nhost = x\n`],
    ['env', `DB_PASSWORD=${secret}\n`],
    ['exported', `export API_TOKEN=${secret}\n`],
    ['YAML', `db:\n  password: ${secret}\n`],
    ['YAML quoted', `db:\n  password: '${secret}'\n`],
    ['YAML list', `- secret_key: ${secret}\n`],
    ['JSON', `{"user": "x", "password": "${secret}", "n": 1}\n`],
    ['JSON in JSON', JSON.stringify({ log: JSON.stringify({ password: secret }) })],
    ['TOML', `client_secret = "${secret}"\n`],
    ['flag with =', `/usr/bin/app --password=${secret} --port 1\n`],
    ['flag with a blank', `/usr/bin/app --api-key ${secret} --port 1\n`],
    ['arguments in JSON', `["--password", "${secret}"]\n`],
    ['XML', `<password>${secret}</password>\n`],
    ['XML attribute', `<user password="${secret}"/>\n`],
    ['XML pair', `<add key="DbPassword" value="${secret}"/>\n`],
    ['Kubernetes', `- name: DB_PASSWORD\n  value: ${secret}\n`],
    ['docker inspect', `"Env": ["A=1", "MYSQL_ROOT_PASSWORD=${secret}", "B=2"]\n`],
    ['systemd', `Environment="APP_SECRET=${secret}"\n`],
    ['PHP', `$cfg['password'] = '${secret}';\n`],
    ['PHP define', `define('DB_PASSWORD', '${secret}');\n`],
    ['properties', `spring.datasource.password=${secret}\n`],
    ['connection string', `Server=db;User Id=sa;Password=${secret};Encrypt=true\n`],
    ['libpq', `host=db user=app password=${secret} dbname=x\n`],
    ['redis', `requirepass ${secret}\n`],
    ['netrc', `machine x.example login bob password ${secret}\n`],
    ['WireGuard', `PrivateKey = ${base64(32)}\n`],
    ['wpa', `\tpsk="${secret}"\n`],
    ['journal', `Nov 21 10:00:00 web app[1]: connecting with password=${secret} to db\n`],
    ['grep -n', `12:password: ${secret}\n`],
    ['diff', `+DB_PASSWORD=${secret}\n`],
    ['block of YAML', `password: |\n  ${secret}\nnext: 1\n`],
    ['words in quotes', `password = "correct horse ${secret}"\n`],
    ['AWS secret key', `aws_secret_access_key = ${word(40)}\n`],
    [
      'Azure account',
      `DefaultEndpointsProtocol=https;AccountName=x;AccountKey=${base64(64)};EndpointSuffix=y\n`,
    ],
    ['Azure SAS', `https://x.blob.core.windows.net/c?sv=2020&sr=c&sig=${word(30)}%2B${word(10)}%3D\n`],
    ['npmrc', `//packages.example.org/:_authToken=${word(36)}\n`],
    ['Docker config', `{"auths": {"x": {"auth": "${base64(24)}"}}}\n`],
    ['Bearer', `Authorization: Bearer ${word(40)}\n`],
    ['Basic', `curl -H 'Authorization: Basic ${base64(20)}' http://x\n`],
    ['Token', `authorization: Token ${word(40)}\n`],
    ['cookie', `Cookie: session=${word(32)}; b=${word(12)}\n`],
    ['set-cookie', `Set-Cookie: sid=${word(32)}; Path=/; HttpOnly\n`],
    ['URL', `DATABASE_URL=postgres://app:${secret}@db.example:5432/x\n`],
    ['URL with @ in it', `redis://:p@${secret}@cache:6379/0\n`],
    ['curl -u', `curl -s -u admin:${secret} https://x.example/\n`],
    ['sshpass', `sshpass -p ${secret} ssh host\n`],
    ['Slack webhook', `https://hooks.slack.com/services/T${word(8)}/B${word(8)}/${word(24)}\n`],
    ['DES in shadow', `bob:${word(13)}:19000:0:99999:7:::\n`],
  ];
  const secretOf = (text: string) =>
    [
      secret,
      word(40),
      base64(32),
      base64(64),
      base64(24),
      word(36),
      base64(20),
      word(32),
      word(30),
      word(24),
      word(13),
    ].find((each) => text.includes(each)) ?? 'none';
  return forms.map(([name, text]) => ({ name, kind: '', text, hidden: [secretOf(text)] }));
}

/** Keys in the forms in which they are found. */
export function keys(): ReadonlyMap<string, string> {
  const pem = (type: 'pkcs1' | 'pkcs8' | 'sec1') => ({ type, format: 'pem' }) as const;
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const ed = generateKeyPairSync('ed25519').privateKey;
  const dir = mkdtempSync(join(tmpdir(), 'scout-keys-'));
  try {
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(dir, 'key')]);
    const dsaBody = base64(300)
      .match(/.{1,64}/g)
      ?.join('\n');
    const wrap = (name: string, body = dsaBody) =>
      ['-----', `BEGIN ${name}-----\n${body}\n-----`, `END ${name}-----\n`].join('');
    return new Map([
      ['RSA', String(rsa.export(pem('pkcs1')))],
      ['PKCS8', String(rsa.export(pem('pkcs8')))],
      ['encrypted', String(rsa.export({ ...pem('pkcs8'), cipher: 'aes-256-cbc', passphrase: 'x' }))],
      ['old encrypted', String(rsa.export({ ...pem('pkcs1'), cipher: 'aes-128-cbc', passphrase: 'x' }))],
      ['EC', String(ec.export(pem('sec1')))],
      ['Ed25519', String(ed.export(pem('pkcs8')))],
      ['OpenSSH', readFileSync(join(dir, 'key'), 'utf8')],
      ['DSA', wrap('DSA PRIVATE KEY')],
      ['PGP', wrap('PGP PRIVATE KEY BLOCK', `Version: x\n\n${dsaBody}\n=${word(4)}`)],
      [
        'PuTTY',
        `PuTTY-User-Key-File-2: ssh-rsa\nEncryption: none\nComment: x\nPublic-Lines: 1\nAAAA\nPrivate-Lines: ${dsaBody?.split('\n').length}\n${dsaBody}\nPrivate-MAC: ${hex(40)}\n`,
      ],
    ]);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Every piece of a key's body that would help anybody. */
export function bodyOf(key: string): readonly string[] {
  const part = key.slice(key.indexOf('Private-Lines') + 1);
  return part
    .split('\n')
    .filter((line) => /^[A-Za-z0-9+/=]{16,}$/.test(line))
    .map((line) => line.slice(0, 40));
}

const lines = (text: string, change: (line: string, index: number) => string) =>
  `${text.trimEnd().split('\n').map(change).join('\n')}\n`;

/** How a file is printed. */
export const printed: readonly (readonly [name: string, print: (text: string) => string])[] = [
  ['as it is', (text) => text],
  ['CR LF', (text) => text.replaceAll('\n', '\r\n')],
  ['YAML', (text) => `key: |\n${lines(text, (line) => `    ${line}`)}next: 1\n`],
  ['JSON', (text) => JSON.stringify({ type: 'x', private_key: text, id: 1 })],
  ['JSON in JSON', (text) => JSON.stringify({ log: JSON.stringify({ key: text }) })],
  ['grep -n', (text) => lines(text, (line, index) => `${index + 1}:${line}`)],
  ['diff', (text) => lines(text, (line) => `+${line}`)],
  ['a journal', (text) => lines(text, (line) => `Nov 21 10:00:00 web app[12]: ${line}`)],
  ['nl', (text) => lines(text, (line, index) => `${String(index + 1).padStart(6)}\t${line}`)],
  ['cat -A', (text) => lines(text, (line) => `${line}$`)],
  ['cat -A of CR LF', (text) => lines(text, (line) => `${line}^M$`)],
];

export function samples(): readonly Sample[] {
  return [...tokens(), ...assignments()];
}
