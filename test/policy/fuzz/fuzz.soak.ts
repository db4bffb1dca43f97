import { vi } from 'vitest';
import { fuzzEverywhere } from './fuzz-everywhere.ts';
import { fuzzedCommands } from './walk-grammars.ts';

vi.mock('../../../src/policy/options.ts', async (original) =>
  (await import('./recorded-grammars.ts')).recording(await original()),
);

fuzzEverywhere(fuzzedCommands(), 20_000);
