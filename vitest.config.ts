import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    typecheck: {
      enabled: true,
      include: ['tests/types/**/*.test-d.ts'],
      tsconfig: 'tsconfig.types.json',
      // the sources have a check of their own; here only the type tests count
      ignoreSourceErrors: true,
    },
    globalSetup: 'tests/global-setup.ts',
    // processes, since tests start threads of their own, kill them and watch signals
    pool: 'forks',
    maxWorkers: Math.max(2, availableParallelism() - 1),
    testTimeout: 20_000,
    hookTimeout: 20_000,
    teardownTimeout: 10_000,
    // no test leans on another one's mocks
    restoreMocks: true,
    unstubEnvs: true,
    unstubGlobals: true,
    coverage: {
      provider: 'v8',
      include: ['src/**', 'searchers/**', 'schedulers/**', 'trainables/**'],
      reporter: ['text', 'html', 'json-summary'],
    },
  },
})
