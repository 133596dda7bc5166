import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Rng } from '../../src/rng.js'
import type { Checkpoint, Metrics, Report, TrialContext } from '../../src/trainable/trainable.js'

/** A trainable whose reports can be saved. */
export type CitizenTrainable<C, M extends Metrics> = (
  config: C,
  context: TrialContext,
) => AsyncGenerator<Report<M>, void, unknown>

/** A trial's context, as an executor makes it. */
export function contextOf(
  options: { readonly seed?: number; readonly signal?: AbortSignal; readonly checkpoint?: Checkpoint } = {},
): TrialContext {
  const { seed = 1, signal = new AbortController().signal, checkpoint } = options
  return {
    trialIndex: 0,
    trialId: 'trial',
    repeat: undefined,
    directory: tmpdir(),
    seed,
    rng: Rng.from(seed),
    signal,
    checkpoint,
  }
}

/** Runs a trial to its end. */
export async function reportsOf<C, M extends Metrics>(
  trainable: CitizenTrainable<C, M>,
  config: C,
  context = contextOf(),
): Promise<M[]> {
  const reports: M[] = []
  for await (const { metrics } of trainable(config, context)) reports.push(metrics)
  return reports
}

/** Runs a trial to its end and gives what it reported last. */
export async function lastReport<C, M extends Metrics>(
  trainable: CitizenTrainable<C, M>,
  config: C,
  context?: TrialContext,
): Promise<M> {
  const last = (await reportsOf(trainable, config, context)).at(-1)
  if (last === undefined) throw new Error('the trial reported nothing')
  return last
}

/**
 * What every trainable owes the engine: a seed fixes its numbers, it goes on from a checkpoint, it stops when it is told to, and it refuses configs that
 * can't be.
 *
 * @param config - makes three reports or more in a fraction of a second
 * @param refused - changes that make the config impossible, and what the error says of each
 */
export function describeGoodCitizen<C extends object, M extends Metrics>(
  trainable: CitizenTrainable<C, M>,
  config: C,
  refused: readonly (readonly [change: Partial<C>, message: RegExp])[],
): void {
  describe('a good citizen of the engine', () => {
    let folder: string
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'good-citizen-'))
    })
    afterAll(() => rm(folder, { recursive: true }))

    it('reports the same numbers each time it is run with a seed', async () => {
      expect(await reportsOf(trainable, config)).toEqual(await reportsOf(trainable, config))
    })

    it('goes on from a checkpoint as if it had never been interrupted', async () => {
      const whole = await reportsOf(trainable, config)
      expect(whole.length).toBeGreaterThanOrEqual(3)
      const directory = await mkdtemp(join(folder, 'checkpoint-'))
      for await (const { checkpoint } of trainable(config, contextOf())) {
        await checkpoint?.(directory)
        break
      }
      const rest = await reportsOf(trainable, config, contextOf({ checkpoint: { directory, iteration: 1 } }))
      expect(rest).toEqual(whole.slice(1))
    })

    it('says so when a checkpoint is not its own', async () => {
      const directory = await mkdtemp(join(folder, 'empty-'))
      const trial = reportsOf(trainable, config, contextOf({ checkpoint: { directory, iteration: 1 } }))
      await expect(trial).rejects.toMatchObject({ code: 'CHECKPOINT_FAILED' })
    })

    it('ends without another report once it is aborted', async () => {
      const controller = new AbortController()
      const reports: M[] = []
      for await (const { metrics } of trainable(config, contextOf({ signal: controller.signal }))) {
        reports.push(metrics)
        controller.abort()
      }
      expect(reports).toHaveLength(1)
    })

    it.each(refused)('refuses %j', async (change, message) => {
      await expect(reportsOf(trainable, { ...config, ...change })).rejects.toMatchObject({
        code: 'INVALID_CONFIG',
        message: expect.stringMatching(message),
      })
    })
  })
}
