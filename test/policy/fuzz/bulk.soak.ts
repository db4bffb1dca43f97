import { vi } from 'vitest';
import { judgeInBulk } from './judge-in-bulk.ts';

vi.mock('../../../src/policy/options.ts', async (original) =>
  (await import('./recorded-grammars.ts')).recording(await original()),
);

judgeInBulk(100_000);
