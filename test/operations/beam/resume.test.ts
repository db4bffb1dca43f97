import { afterAll, beforeAll, describe, it } from 'vitest';
import { makeScout } from '../../fixtures/scout.ts';
import { breakOften, makeStage, type Plan, type Stage, ways } from './broken.ts';
import { dice } from './dice.ts';
import { inProcess, type Runner } from './runner.ts';

const bytes = 3_000_000;

let stage: Stage;
let runner: Runner;

beforeAll(async () => {
  stage = await makeStage();
  runner = inProcess(makeScout(stage.sshConfig, { SCOUT_BEAM: 'on', SCOUT_BEAM_ROOTS: stage.here }));
});

afterAll(async () => {
  await runner.stop();
  await stage.close();
});

describe.each(ways)('a copy %s', (way) => {
  it.each(['cut', 'session', 'cancel'] as const)(
    'that is broken by %s is never torn, and goes on when it is called again',
    async (kind) => await breakSome({ kind, way, points: 1 }),
  );
});

it('a copy whose network falls silent goes on too', async () => {
  await breakSome({ kind: 'silence', way: 'up', points: 1 });
});

async function breakSome(plan: Pick<Plan, 'kind' | 'way' | 'points'>): Promise<void> {
  const seed = Date.now();
  try {
    await breakOften(stage, runner, { ...plan, bytes, random: dice(seed) });
  } catch (error) {
    throw new Error(`seed ${seed}`, { cause: error });
  }
}
