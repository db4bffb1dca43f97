import { defineConfig } from 'vitest/config';

/** `npm run test:prometheus`: what Prometheus' own programs say. */
export default defineConfig({
  test: {
    name: 'prometheus',
    pool: 'forks',
    maxWorkers: 2, // both mostly wait for the next 15 s
    globalSetup: ['test/setup/global.ts', 'test/watching/setup.ts'],
    include: ['test/watching/**/*.prometheus.ts', 'test/observe/metrics/prometheus.soak.ts'],
    testTimeout: 120_000,
    hookTimeout: 180_000,
  },
});
