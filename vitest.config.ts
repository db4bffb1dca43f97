import { defineConfig } from 'vitest/config';

/** `npm run test:soak` sets it: the long runs in *.soak.ts instead of the tests. */
const soak = process.env.SCOUT_TEST_SOAK === '1';

const test = {
  pool: 'forks',
  // A busy machine is no failure; tests of what must be quick say how quick.
  testTimeout: soak ? 30 * 60_000 : 60_000,
  hookTimeout: 180_000,
  // Real sshd, shells and agents on shared cores: CI runs a failed test once more and reports it as flaky.
  retry: process.env.CI && !soak ? 1 : 0,
} as const;

/** Files of one process share the modules of src, which hold no state; to import them anew for each took half the time. */
const shared = { ...test, isolate: false } as const;

/** They put another module in the place of one, or load them as the build does. */
const alone = ['test/policy/fuzz/*.test.ts', 'test/supply-chain/bundle.test.ts'];

/** Beside the tests there are runs of their own: long ones, and one against a real Docker engine. */
const ownRun = soak
  ? { test: { ...test, name: 'soak', include: ['test/**/*.soak.ts'] } }
  : process.env.SCOUT_TEST_DOCKER === '1'
    ? { test: { ...test, name: 'docker', hookTimeout: 120_000, include: ['test/docker/**/*.docker.ts'] } }
    : undefined;

export default defineConfig({
  test: {
    // Tests mostly wait for a remote, so more of them than cores; few enough that none misses its deadline.
    maxWorkers: soak ? 1 : 4,
    globalSetup: 'test/setup/global.ts', // for the whole run; the projects do not inherit it
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      reporter: ['text-summary', 'json-summary', 'lcov'],
      thresholds: { lines: 85 },
    },
    projects: ownRun
      ? [ownRun]
      : [
          {
            test: {
              ...shared,
              name: 'rooms',
              include: ['test/**/*.test.ts'],
              exclude: alone,
            },
          },
          { test: { ...test, name: 'alone', include: alone } },
        ],
  },
});
