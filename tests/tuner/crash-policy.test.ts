import { describe, expect, it } from 'vitest'
import { CrashPolicy } from '../../src/tuner/crash-policy.js'

describe('a trial whose worker dies', () => {
  it('starts again three times, each time after twice as long', () => {
    const policy = new CrashPolicy()
    expect([4, 4, 4, 4].map(committed => policy.delayMs(0, committed))).toEqual([100, 200, 400, undefined])
  })

  it('starts anew whenever it has come further, each trial for itself', () => {
    const policy = new CrashPolicy()
    expect([0, 0, 1, 1, 1, 2].map(committed => policy.delayMs(0, committed))).toEqual([100, 200, 100, 200, 400, 100])
    expect(policy.delayMs(1, 0)).toBe(100)
    policy.forget(0)
    expect(policy.delayMs(0, 2)).toBe(100)
  })
})
