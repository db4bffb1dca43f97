import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StandIns } from '../fixtures/stand-ins.ts';
import { composeFile } from './containers.ts';

/**
 * A `docker` that prints what the real one did: the programs of Docker 20.10.24 (Debian 12) and 28.2.2, which
 * print the same, asked an engine 20.10.24 for the containers of containers.ts, on 2026-11-21. Only the directory
 * of the compose project is another. Answers that directory.
 */
export function replayDocker(standIns: StandIns): string {
  const project = join(standIns.directory, 'project');
  mkdirSync(project);
  writeFileSync(join(project, 'compose.yaml'), composeFile);
  const kept = (name: string) => {
    const text = readFileSync(join(import.meta.dirname, 'recorded', `${name}.txt`), 'utf8');
    return standIns.keep(name, text.replaceAll('/srv/shop', project));
  };
  const [list, states, sick] = [kept('ps'), kept('states'), kept('sick')];
  standIns.install(
    'docker',
    'for last; do :; done',
    'case "$1 $3" in',
    `"ps "*) cat ${list};;`,
    `"inspect -f") cat ${states};;`,
    `inspect*) case $last in sick) cat ${sick};; *) echo '[]'; echo "Error: No such container: $last" >&2; exit 1;; esac;;`,
    '*) exit 2;;',
    'esac',
  );
  return project;
}
