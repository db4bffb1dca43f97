import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from 'vitest';
import { makeScout, type TestScout } from '../fixtures/scout.ts';
import { type Sshd, startSshd } from '../fixtures/sshd.ts';
import { makeStandIns, type StandIns } from '../fixtures/stand-ins.ts';
import { until } from '../fixtures/until.ts';
import { composeFile, containerArguments } from './containers.ts';
import { dockerFacts } from './docker-facts.ts';
import { type Engine, startEngine } from './engine.ts';

let directory: string;
let engine: Engine;
let standIns: StandIns;
let sshd: Sshd;
let scout: TestScout;

beforeAll(async () => {
  engine = await startEngine();
  directory = mkdtempSync(join(tmpdir(), 'scout-compose-'));
  const project = join(directory, 'project');
  mkdirSync(project);
  writeFileSync(join(project, 'compose.yaml'), composeFile);
  for (const [name, words] of Object.entries(containerArguments(project))) {
    engine.docker('run', '-d', '--name', name, '--network', 'none', ...words);
  }
  await until(() => engine.docker('ps', '-a', '--filter', 'health=unhealthy', '-q') !== '', 20_000);
  await until(
    () =>
      engine.docker('inspect', '-f', '{{.RestartCount}} {{.State.Status}}', 'failed').startsWith('2 exited'),
    20_000,
  );
  standIns = makeStandIns(engine.mounts);
  sshd = await startSshd({ wrapper: standIns.wrapper });
  scout = makeScout(sshd.writeConfig('web1'));
}, 120_000);

afterAll(async () => {
  await scout?.close();
  await sshd?.stop();
  standIns?.remove();
  await engine?.stop();
  rmSync(directory, { recursive: true, force: true });
}, 60_000);

describe('with a real engine, scout_inspect', () => {
  dockerFacts(
    () => scout,
    () => join(directory, 'project'),
  );
});
