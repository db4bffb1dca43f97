import { generateKeyPairSync } from 'node:crypto';
import { random } from './corpus.ts';

/** Texts that look like secrets and are none: they must pass byte by byte. */
export function innocents(): readonly string[] {
  const hex = (length: number) => random('0123456789abcdef', length, `h${length}`);
  const mixed = (length: number) => random('ABCDEFGHijklmnopqrstuvwxyz0123456789', length, `m${length}`);
  const publicKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey;
  const pem = String(publicKey.export({ type: 'spki', format: 'pem' })).trimEnd();
  return [
    ...plain,
    pem,
    pem.replaceAll('PUBLIC KEY', 'CERTIFICATE'),
    pem.split('\n').slice(2).join('\n'),
    pem
      .split('\n')
      .map((line) => `    ${line}`)
      .join('\n'),
    `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA${mixed(44)} bob@laptop`,
    `ssh-rsa AAAAB3NzaC1yc2EAAAADAQAB${mixed(300)} deploy`,
    `github.com ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA${mixed(44)}`,
    `|1|${mixed(27)}=|${mixed(27)}= ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA${mixed(44)}`,
    `commit ${hex(40)}`,
    `${hex(64)}  file.iso`,
    `${hex(64)}\n${hex(64)}`,
    `sha256:${hex(64)}`,
    `"integrity": "sha512-${mixed(86)}=="`,
    `data:image/png;base64,iVBORw0KGgo${mixed(300)}`,
    `background: url(data:image/gif;base64,R0lGOD${mixed(64)})`,
    `MD5(${hex(32)})`,
    `ETag: "${hex(32)}"`,
    `x-request-id: ${hex(8)}-${hex(4)}-${hex(4)}-${hex(4)}-${hex(12)}`,
    `SHA256:${mixed(43)}`,
    `docker.io/library/nginx@sha256:${hex(64)}`,
    `machine-id ${hex(32)}`,
  ];
}

const plain = `
password_min_length = 12
PasswordAuthentication no
PermitEmptyPasswords no
KbdInteractiveAuthentication no
password: ""
password: ''
password:
password =
password: \${DB_PASSWORD}
password: $DB_PASSWORD
PASSWORD=$(cat /run/secrets/x)
password: {{ vault_db_password }}
password: <password>
<password></password>
password: ****
password: xxxxxxxx
password = null
password: none
passwd: files sss
passwd:         files systemd
shadow: files
passwd: compat
root:x:0:0:root:/root:/bin/bash
nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
root:*:19000:0:99999:7:::
bob:!:19000:0:99999:7:::
www-data:!!:19000::::::
tokenizer=whitespace
max_tokens: 4096
max_tokens=4096
total_tokens: 128
token_type: bearer
"token_type": "Bearer"
auth: none
auth    required    pam_unix.so
password        [success=1 default=ignore]      pam_unix.so obscure yescrypt
password required pam_permit.so
password sufficient pam_sss.so use_authtok
authorization is required for this endpoint
Authorization: required
The Authorization header must be set
LoadCredential=db:/etc/creds/db
password_file: /run/secrets/db
POSTGRES_PASSWORD_FILE=/run/secrets/db
secret: /run/secrets/db
private_key: /etc/ssl/private/x.pem
PrivateKey = /etc/wireguard/key
ssl_certificate_key /etc/nginx/ssl/x.key;
Failed password for root from 10.0.0.1 port 22 ssh2
Accepted publickey for bob from 10.0.0.1 port 4242 ssh2: ED25519 SHA256:abc
pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0
unix_chkpwd[123]: password check failed for user (root)
sudo: 3 incorrect password attempts
bob ALL=(ALL) NOPASSWD: ALL
%wheel ALL=(ALL) NOPASSWD: /usr/bin/systemctl
PWD=/home/bob
OLDPWD=/etc
PATH=/usr/local/bin:/usr/bin
http://example.com/path?x=1
https://user@example.com/
https://example.com:8443/a@b
ssh://git@github.com:22/x.git
git@github.com:org/repo.git
postgres://app@db:5432/x
postgres://app:\${PW}@db/x
http://10.0.0.1:8080/
mailto:bob@example.com
2026-11-21T10:00:00Z
10:00:00.123
550e8400-e29b-41d4-a716-446655440000
UUID=550e8400-e29b-41d4-a716-446655440000 / ext4 defaults 0 1
key: value
primary_key = id
foreign_key: user_id
public_key: abcdef
cache_key=abc123
hotkey = ctrl+k
keyboard: us
monkey=banana
AuthorizedKeysFile .ssh/authorized_keys
HostKey /etc/ssh/ssh_host_ed25519_key
IdentityFile ~/.ssh/id_ed25519
unexpected token: foo
SyntaxError: Unexpected token } in JSON at position 12
error: bad token ;
std::token::type x
if (password == "x") {
password = get_password()
password = os.environ["DB_PASSWORD"]
token: config.token,
const token = await fetchToken();
tokens: [a, b]
secrets:
secretName: db-credentials
secretKeyRef:
- secret: {}
imagePullSecrets: []
csrf_token_name = x
access_token_lifetime: 3600
token: 12345
session required pam_limits.so
compass=north
bypass=1
passenger_enabled on;
proxy_pass http://backend:8080;
proxy_pass_header Server;
encompass: yes
task-manager sk-fading-circle
pip install xoxo
AKIA is a prefix
eyJ is how they begin
ghp_ is how they begin
-----BEGIN CERTIFICATE REQUEST-----
a line with PRIVATE KEY in it
grep -l 'BEGIN RSA PRIVATE KEY' *
if line == "-----BEGIN PRIVATE KEY-----": pass
$1 $2 $3
cost: $5$
awk '{print $1}'
cookie: none
cookies=enabled
Cookie policy: accept
SIGTERM sig=15
--password-file /run/secrets/x
--token-ttl 3600
--secret
curl -u admin https://x
docker run -u 1000:1000 x
0123456789
C:\\Users\\bob
`
  .split('\n')
  .filter((line) => line !== '');
