import { expect, it } from 'vitest';
import { ScoutError } from '../../../src/errors.ts';
import type { Machine } from '../../../src/operations/ask/machine.ts';
import { composeQuestions, type Replies } from '../../../src/operations/ask/questions.ts';
import { lookAtCompose, lookAtProject } from '../../../src/operations/inspect/compose.ts';
import { listFormat, lookAtDocker } from '../../../src/operations/inspect/docker.ts';
import { lookAtContainer } from '../../../src/operations/inspect/docker-container.ts';
import { lookAtNetwork } from '../../../src/operations/inspect/network.ts';
import { lookOver } from '../../../src/operations/inspect/overview.ts';
import { lookAtProcesses } from '../../../src/operations/inspect/processes.ts';
import { lookAtServices } from '../../../src/operations/inspect/services.ts';
import { lookAtStorage } from '../../../src/operations/inspect/storage.ts';
import { lookAtUnits } from '../../../src/operations/inspect/units-by-name.ts';
import {
  lookAtDatasets,
  lookAtPool,
  lookAtPools,
  lookAtSnapshots,
} from '../../../src/operations/inspect/zfs.ts';
import { judge } from '../../../src/policy/index.ts';

const tag = '0123456789abcdef01234567';

/** A machine that notes what it is asked, and says of each container that it belongs to the project shop. */
function noting(asked: string[], answer: string, ok = true): Machine {
  return {
    host: 'h',
    ask: async (questions) => {
      asked.push(composeQuestions(Object.values<string>(questions), tag));
      const reply = { ok, text: answer, isWhole: true };
      const replies = Object.fromEntries(Object.keys(questions).map((name) => [name, reply]));
      return { replies: replies as Replies<never>, complaints: '', denied: [], startedMs: 0, endedMs: 1 };
    },
  };
}

const container =
  '{"id":"abcdefabcdefabcdef","name":"a","project":"shop","files":"/srv/it\'s here/compose.yaml"}\n';

const looks: Readonly<Record<string, (machine: Machine) => Promise<unknown>>> = {
  overview: lookOver,
  storage: lookAtStorage,
  network: lookAtNetwork,
  processes: (machine) => lookAtProcesses(machine, 'x'),
  docker: lookAtDocker,
  container: (machine) => lookAtContainer(machine, 'web-1'),
  compose: lookAtCompose,
  project: (machine) => lookAtProject(machine, 'shop'),
  services: lookAtServices,
  unit: (machine) => lookAtUnits(machine, 'getty@tty1.service'),
  pattern: (machine) => lookAtUnits(machine, 'nginx*'),
  pools: lookAtPools,
  pool: (machine) => lookAtPool(machine, 'tank'),
  datasets: (machine) => lookAtDatasets(machine, 'tank'),
  snapshots: lookAtSnapshots,
};

it.each(Object.keys(looks))('every command of %s passes the policy, whatever came before', async (name) => {
  const asked: string[] = [];
  for (const [answer, ok] of [
    [container, true],
    ['', false],
  ] as const) {
    await looks[name]?.(noting(asked, answer, ok)).catch((thrown) =>
      expect(thrown).toBeInstanceOf(ScoutError),
    );
  }
  expect(asked.length).toBeGreaterThan(0);
  for (const command of asked) {
    const verdict = judge(command);
    expect(verdict.allowed ? '' : `${command}: ${verdict.refusal.word} ${verdict.refusal.reason}`).toBe('');
    expect(Buffer.byteLength(command)).toBeLessThan(8_192);
  }
});

it('overview asks once, and the files of a project are read by their own paths', async () => {
  const once: string[] = [];
  await lookOver(noting(once, ''));
  expect(once).toHaveLength(1);
  const asked: string[] = [];
  await lookAtProject(noting(asked, container), 'shop');
  expect(asked.at(-1)).toContain(`'cat' '--' '/srv/it'\\''s here/compose.yaml' &&`);
  expect(listFormat).not.toMatch(/\.Env|\.Config/);
});
