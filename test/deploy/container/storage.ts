import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterwards } from '../../fixtures/janitor.ts';

/**
 * Images and containers of this run alone, in a directory of their own: the variables make every buildah and podman
 * of this process and its children use it. The function returned removes all of it.
 */
export function openStorage(): () => Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'scout-image-'));
  const write = (name: string, lines: readonly string[]) => {
    const path = join(directory, name);
    writeFileSync(path, `${lines.join('\n')}\n`);
    return path;
  };
  process.env.CONTAINERS_STORAGE_CONF = write('storage.conf', [
    '[storage]',
    'driver = "overlay"',
    `runroot = "${directory}/run"`,
    `graphroot = "${directory}/graph"`,
  ]);
  process.env.CONTAINERS_CONF = write('containers.conf', [
    '[containers]',
    'default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]',
    '[engine]',
    'cgroup_manager = "cgroupfs"',
    'events_logger = "file"',
    `tmp_dir = "${directory}/tmp"`,
  ]);
  return afterwards(`
    export CONTAINERS_STORAGE_CONF='${directory}/storage.conf' CONTAINERS_CONF='${directory}/containers.conf'
    podman --runtime runc rm --all --force --time 0; buildah rm --all
    umount '${directory}/graph/overlay'; rm -rf '${directory}'`);
}
