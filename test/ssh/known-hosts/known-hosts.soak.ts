import { it } from 'vitest';
import { agreesOnGenerated, startJudges } from './against-ssh.ts';

it('agrees with ssh on many generated known_hosts files', async () => {
  const judges = await startJudges();
  try {
    await agreesOnGenerated(judges, 300);
  } finally {
    await judges.stop();
  }
});
