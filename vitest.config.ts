import { defineConfig } from 'vitest/config'

/**
 * unit: pure and quick, no services. workflow: the time-skipping server. integration: a real PostgreSQL and a real
 * Temporal dev server, started once by the global setup. e2e: the real processes of `npm start`.
 */
export default defineConfig({
  test: {
    passWithNoTests: false,
    // Two cores: more forks only wait for each other.
    maxWorkers: 2,
    projects: [
      // One set of modules for all files: what is pure keeps nothing that another file could meet, and half the time was loading.
      {
        test: {
          name: 'unit',
          isolate: false,
          include: ['test/{core,contract,check,console,telemetry,docs,bench}/**/*.test.ts'],
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'workflow',
          include: ['test/{workflows,replay,scenarios}/**/*.test.ts'],
          globalSetup: ['test/support/parts.setup.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'integration',
          include: ['test/{adapters,activities,api,cli,conformance,integration,workers}/**/*.test.ts'],
          globalSetup: ['test/support/services.setup.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/{chaos,e2e}/**/*.test.ts'],
          globalSetup: ['test/support/services.setup.ts'],
          testTimeout: 600_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
})
