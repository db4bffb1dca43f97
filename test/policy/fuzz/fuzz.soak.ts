import { vi } from 'vitest';
import { fuzzEverywhere } from './fuzz-everywhere.ts';

vi.mock('../../../src/policy/options.ts', async (original) =>
  (await import('./recorded-grammars.ts')).recording(await original()),
);

fuzzEverywhere(20_000);
