import { cloudflareTest } from '@cloudflare/vitest-plugin';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      {
        // Pure code and contracts, in plain Node: thousands of cases in seconds.
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts', 'test/contract/**/*.test.ts', 'test/architecture.test.ts'],
          environment: 'node',
          // A property of thousands of cases takes its time where the cores are shared.
          testTimeout: 30_000,
          setupFiles: ['test/support/draws.ts'],
        },
      },
      {
        // Whole fleets under one seeded generator: invariants in thousands of small worlds, and what the docs claim of big ones.
        test: { name: 'simulation', include: ['test/simulation/**/*.test.ts'], environment: 'node' },
      },
      {
        // Inside workerd: whatever depends on how the runtime's own streams and fetch behave.
        plugins: [
          cloudflareTest({
            wrangler: { configPath: './wrangler.toml' },
            remoteBindings: false,
          }),
        ],
        test: { name: 'workerd', include: ['test/workerd/**/*.test.ts'] },
      },
      {
        // The production bundle as its users meet it: over HTTP, with the official SDKs, against a provider that replays.
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts', 'test/conformance/**/*.test.ts'],
          environment: 'node',
          testTimeout: 20_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
