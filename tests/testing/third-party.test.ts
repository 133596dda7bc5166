import { execFileSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'

interface JsonReport {
  readonly testResults: readonly {
    readonly assertionResults: readonly {
      readonly status: string
      readonly title: string
      readonly ancestorTitles: readonly string[]
    }[]
  }[]
}

/** All tests of what is sound; of what is broken the test by whose title it is called. */
const pattern = '^sound |^broken: (.+) it keeps the searcher contract: (.* )?\\1$'

/** Runs the published suites over strategies of a third party, as that party does: by vitest, from `dist`. */
function runSuites(): JsonReport {
  const folder = fileURLToPath(new URL('./third-party', import.meta.url))
  const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs')
  try {
    execFileSync(process.execPath, [vitest, 'run', '--reporter=json', `--testNamePattern=${pattern}`], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
  } catch (error) {
    // strategies that are broken on purpose fail the run
    return JSON.parse(String((error as { stdout: Buffer }).stdout))
  }
  throw new Error('no test failed, and some strategies are broken')
}

describe('tunewright/testing', () => {
  const failures = new Map<string, string[]>()
  const counts = new Map<string, number>()

  beforeAll(() => {
    for (const { status, title, ancestorTitles } of runSuites().testResults.flatMap(file => file.assertionResults)) {
      const [suite = ''] = ancestorTitles
      counts.set(suite, (counts.get(suite) ?? 0) + 1)
      if (status === 'failed') failures.set(suite, [...(failures.get(suite) ?? []), title])
    }
  }, 120_000)

  it.each(['searcher', 'scheduler'])('passes a sound %s of a third party', kind => {
    const suite = `sound keeps the ${kind} contract:`
    expect(counts.get(suite)).toBeGreaterThan(10)
    expect(failures.get(suite) ?? []).toEqual([])
  })

  it('fails each searcher that is broken, and says in what', () => {
    const broken = [...counts.keys()].filter(suite => suite.startsWith('broken: '))
    expect(broken.length).toBeGreaterThan(10)
    const unseen = broken.filter(suite => !failures.get(suite)?.includes(suite.slice('broken: '.length)))
    expect(unseen).toEqual([])
  })
})
