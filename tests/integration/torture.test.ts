import { expect, it } from 'vitest'
import { torture } from '../../benchmarks/torture-run.js'

it('ends with the same results however its process, its workers and its disk fail (ASHA, PBT, Hyperband with BOHB)', async () => {
  const log: string[] = []
  const { kills, ...figures } = await torture({ runs: 3, seed: 5, log: line => log.push(line) })
  expect(figures, log.join('\n')).toEqual({ runs: 3, equal: 3, lostCommits: 0, leftovers: 0 })
  expect(kills).toBeGreaterThan(0)
}, 240_000)
