import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Executor, ExecutorMessage, ExecutorOptions, Grant, TrialRun } from '../../src/executors/executor.js'
import type { JsonObject } from '../../src/json.js'
import type { Checkpoint } from '../../src/trainable/trainable.js'

/** Makes the executor under test for an export of `tests/fixtures/counter.mjs`. */
export type ExecutorFactory = (options: ExecutorOptions, exportName: string) => Executor | Promise<Executor>

type MessageOf<T extends ExecutorMessage['type']> = Extract<ExecutorMessage, { type: T }>

const free: Grant = { until: Number.POSITIVE_INFINITY, iteration: Number.POSITIVE_INFINITY }

/** An executor, its messages as they came in, and a folder for its trials. */
export class Bench {
  readonly folder = mkdtempSync(join(tmpdir(), 'tunewright-executor-'))
  readonly messages: ExecutorMessage[] = []
  #executor: Executor | undefined
  #waiting: (() => void)[] = []

  async open(
    create: ExecutorFactory,
    exportName = 'default',
    options: Partial<ExecutorOptions> = {},
  ): Promise<Executor> {
    this.#executor = await create(
      {
        timeAttr: 'trainingIteration',
        checkpointFrequency: 0,
        checkpointAtGrant: false,
        limits: { stepMs: Number.POSITIVE_INFINITY, trialMs: Number.POSITIVE_INFINITY },
        checkpointAtEnd: undefined,
        logToFile: true,
        forwardOutput: false,
        reuseActors: true,
        onMessages: messages => {
          this.messages.push(...messages)
          for (const wake of this.#waiting.splice(0)) wake()
        },
        ...options,
      },
      exportName,
    )
    return this.#executor
  }

  run(trialIndex: number, config: JsonObject, more: Partial<TrialRun> = {}): TrialRun {
    return {
      trialIndex,
      trialId: `t_${trialIndex}`,
      config,
      repeat: undefined,
      seed: 1,
      directory: join(this.folder, `trial_${trialIndex}`),
      clock: 0,
      checkpoint: undefined,
      adoptedAt: undefined,
      grant: free,
      isolated: false,
      ...more,
    }
  }

  /** Waits for a message; fails with what came instead. */
  async until<T extends ExecutorMessage['type']>(type: T, trialIndex?: number): Promise<MessageOf<T>> {
    for (;;) {
      const found = this.messages.find(
        (message): message is MessageOf<T> =>
          message.type === type &&
          (trialIndex === undefined || !('trialIndex' in message) || message.trialIndex === trialIndex),
      )
      if (found) return found
      const broken = this.messages.find(message => message.type === 'broken')
      if (broken) throw new Error(`waited for '${type}', and got: ${broken.error.message}`)
      await new Promise<void>(resolve => this.#waiting.push(resolve))
    }
  }

  /** Waits for a trial's report of that number. */
  async report(trialIndex: number, iteration: number): Promise<MessageOf<'report'>> {
    for (;;) {
      const found = this.reports(trialIndex).find(report => report.iteration === iteration)
      if (found) return found
      await new Promise<void>(resolve => this.#waiting.push(resolve))
    }
  }

  reports(trialIndex: number): MessageOf<'report'>[] {
    return this.messages.filter(
      (message): message is MessageOf<'report'> => message.type === 'report' && message.trialIndex === trialIndex,
    )
  }

  counts(trialIndex: number): unknown[] {
    return this.reports(trialIndex).map(({ metrics }) => metrics.count)
  }

  async close(): Promise<void> {
    await this.#executor?.close()
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/** What every executor must do, whatever it runs trials on. */
export function describeExecutor(name: string, create: ExecutorFactory): void {
  describe(`${name} as an executor`, () => {
    let bench: Bench
    beforeEach(() => {
      bench = new Bench()
    })
    afterEach(() => bench.close())

    it('sends every report in order, then the end', async () => {
      const executor = await bench.open(create)
      executor.start(bench.run(3, { steps: 4 }), 0)
      expect(await bench.until('ended')).toEqual({ type: 'ended', trialIndex: 3, attempt: 0 })
      expect(bench.counts(3)).toEqual([1, 2, 3, 4])
      expect(bench.reports(3).map(({ iteration }) => iteration)).toEqual([1, 2, 3, 4])
    })

    it('gives a trial the same random numbers whenever it runs', async () => {
      const executor = await bench.open(create)
      executor.start(bench.run(1, { steps: 3 }), 0)
      executor.start(bench.run(2, { steps: 3 }), 0)
      await Promise.all([bench.until('ended', 1), bench.until('ended', 2)])
      executor.start(bench.run(1, { steps: 3 }), 1)
      await bench.report(1, 3)
      const values = (attempt: number) =>
        bench
          .reports(1)
          .filter(report => report.attempt === attempt)
          .map(({ metrics }) => metrics.value)
      await expect.poll(() => values(1)).toEqual(values(0))
      expect(values(0)).not.toEqual(bench.reports(2).map(({ metrics }) => metrics.value))
    })

    it('holds a trial at its grant, and lets it go on with another', async () => {
      const executor = await bench.open(create)
      executor.start(bench.run(0, { steps: 9 }, { grant: { until: 3, iteration: Number.POSITIVE_INFINITY } }), 0)
      await bench.report(0, 3)
      executor.start(bench.run(1, { steps: 9 }), 0)
      await bench.until('ended', 1)
      expect(bench.counts(0)).toEqual([1, 2, 3])
      executor.extend(0, { until: Number.POSITIVE_INFINITY, iteration: 5 })
      await bench.report(0, 5)
      executor.start(bench.run(2, { steps: 9 }), 0)
      await bench.until('ended', 2)
      expect(bench.counts(0)).toEqual([1, 2, 3, 4, 5])
      executor.extend(0, free)
      await bench.until('ended', 0)
      expect(bench.counts(0)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
    })

    it('tells what a trainable threw', async () => {
      const executor = await bench.open(create)
      executor.start(bench.run(0, { steps: 5, throwAt: 3 }), 0)
      const { fault, error, attempt } = await bench.until('failed')
      expect({ fault, attempt, message: error.message }).toEqual({
        fault: 'trainable',
        attempt: 0,
        message: 'the step failed',
      })
      expect(error.stack).toContain('counter.mjs')
      expect(bench.counts(0)).toEqual([1, 2])
      expect(executor.holds(0)).toBe(false)
    })

    it.each([
      ['array', 'not a plain object'],
      ['map', 'not a plain object'],
      ['undefined', "undefined at 'count'"],
    ])('fails a trial that reports what is no plain data (%s)', async (odd, message) => {
      const executor = await bench.open(create)
      executor.start(bench.run(0, { steps: 5, oddAt: 2, odd }), 0)
      const { error, fault } = await bench.until('failed')
      expect({ code: error.code, fault }).toEqual({ code: 'INVALID_REPORT', fault: 'trainable' })
      expect(error.message).toContain(message)
    })

    it('keeps NaN and infinities', async () => {
      const executor = await bench.open(create)
      executor.start(bench.run(0, { steps: 1, nanAt: 1 }), 0)
      await bench.until('ended')
      expect(bench.reports(0)[0]?.metrics).toMatchObject({ loss: Number.NaN, high: Number.POSITIVE_INFINITY })
    })

    it('takes a return value as the last report', async () => {
      const executor = await bench.open(create)
      executor.start(bench.run(0, { steps: 2, last: true }), 0)
      await bench.until('ended')
      expect(bench.counts(0)).toEqual([1, 2, -1])
    })

    it('runs the finally blocks of a trial that is stopped', async () => {
      const executor = await bench.open(create)
      const noteEnd = join(bench.folder, 'note')
      executor.start(bench.run(0, { steps: 9, noteEnd }, { grant: { until: 4, iteration: 99 } }), 0)
      await bench.report(0, 4)
      executor.stop(0)
      expect(await bench.until('stopped')).toEqual({ type: 'stopped', trialIndex: 0, attempt: 0 })
      expect(readFileSync(noteEnd, 'utf8')).toBe('trial 0 cleaned up at 4, aborted true')
      expect(executor.holds(0)).toBe(false)
    })

    it('lets a paused trial go on from memory', async () => {
      const executor = await bench.open(create)
      executor.start(bench.run(0, { steps: 4, save: true }, { grant: { until: 2, iteration: 99 } }), 0)
      await bench.report(0, 2)
      executor.pause(0)
      const { checkpoint } = await bench.until('checkpoint')
      expect(checkpoint).toEqual({ name: 'checkpoint_000002', iteration: 2, bytes: 1 })
      expect(executor.holds(0)).toBe(true)
      executor.extend(0, free, { clock: 7 })
      await bench.until('ended')
      expect(bench.counts(0)).toEqual([1, 2, 3, 4])
    })

    it('saves a pause as it was, even if the trial is to go on at once', async () => {
      const executor = await bench.open(create, 'Stepper')
      executor.start(bench.run(0, { steps: 5 }, { grant: { until: 2, iteration: 99 } }), 0)
      await bench.report(0, 2)
      executor.pause(0)
      executor.extend(0, free, { clock: 2 })
      await bench.until('ended')
      expect(bench.counts(0)).toEqual([1, 2, 3, 4, 5])
      expect(readFileSync(join(bench.folder, 'trial_0', 'checkpoint_000002', 'count'), 'utf8')).toBe('2')
    })

    it('goes on from a checkpoint with the results that it would have had', async () => {
      const executor = await bench.open(create, 'default', { checkpointFrequency: 2 })
      executor.start(bench.run(0, { steps: 5, save: true }), 0)
      await bench.until('ended', 0)
      expect(bench.reports(0).map(({ checkpoint }) => checkpoint?.iteration)).toEqual([
        undefined,
        2,
        undefined,
        4,
        undefined,
      ])
      const checkpoint: Checkpoint = { directory: join(bench.folder, 'trial_0', 'checkpoint_000002'), iteration: 2 }
      const before = bench.reports(0).map(({ metrics }) => metrics)
      bench.messages.length = 0
      executor.start(bench.run(0, { steps: 5, save: true }, { checkpoint }), 1)
      await bench.until('ended', 0)
      // the reports up to the checkpoint come along, for a study that has not committed them
      expect(bench.reports(0).map(({ metrics }) => metrics)).toEqual(before)
    })

    it('saves a trial that is suspended', async () => {
      const executor = await bench.open(create)
      executor.start(bench.run(0, { steps: 9, save: true }, { grant: { until: 3, iteration: 99 } }), 0)
      await bench.report(0, 3)
      executor.suspend(0)
      await bench.until('stopped')
      expect((await bench.until('checkpoint')).checkpoint).toEqual({
        name: 'checkpoint_000003',
        iteration: 3,
        bytes: 1,
      })
      expect(readFileSync(join(bench.folder, 'trial_0', 'checkpoint_000003', 'count'), 'utf8')).toBe('3')
    })

    it('saves no trial that is suspended while a report with its checkpoint is not committed', async () => {
      const executor = await bench.open(create, 'default', { checkpointFrequency: 2 })
      executor.start(bench.run(0, { steps: 5, save: true }, { grant: { until: 3, iteration: 9 } }), 0)
      await bench.report(0, 3)
      executor.suspend(0, { committed: 1 })
      await bench.until('stopped')
      expect(bench.messages.filter(({ type }) => type === 'checkpoint')).toEqual([])
      expect(readdirSync(join(bench.folder, 'trial_0')).filter(name => name.includes('checkpoint'))).toEqual([
        'checkpoint_000002',
      ])
    })

    it('tells a checkpoint that is not there, or not whole, from a fault of the trainable', async () => {
      const executor = await bench.open(create, 'default', { checkpointFrequency: 2 })
      executor.start(bench.run(0, { steps: 5, save: true }), 0)
      await bench.until('ended')
      const checkpoint: Checkpoint = { directory: join(bench.folder, 'trial_0', 'checkpoint_000002'), iteration: 2 }
      rmSync(join(checkpoint.directory, 'count'))
      executor.start(bench.run(0, { steps: 5, save: true }, { checkpoint }), 1)
      const { attempt, fault, error } = await bench.until('failed')
      expect([attempt, fault, error.code]).toEqual([1, 'checkpoint', 'CHECKPOINT_FAILED'])
    })

    it('writes what a trial prints into its own folder', async () => {
      const executor = await bench.open(create)
      executor.start(bench.run(0, { steps: 2, print: true, delayMs: 1 }), 0)
      executor.start(bench.run(1, { steps: 2, print: true, delayMs: 1 }), 0)
      await Promise.all([bench.until('ended', 0), bench.until('ended', 1)])
      const printed = (trial: number) => readFileSync(join(bench.folder, `trial_${trial}`, 'stdout'), 'utf8')
      expect(printed(0)).toBe('step 1 of trial 0\nstep 2 of trial 0\n')
      expect(printed(1)).toBe('step 1 of trial 1\nstep 2 of trial 1\n')
    })

    it('runs a function that reports by calling', async () => {
      const executor = await bench.open(create, 'caller')
      executor.start(bench.run(0, { steps: 3 }), 0)
      await bench.until('ended')
      expect(bench.counts(0)).toEqual([1, 2, 3, 0])
    })

    it('ends a function that reports by calling with an AbortError', async () => {
      const executor = await bench.open(create, 'caller')
      const noteEnd = join(bench.folder, 'note')
      executor.start(bench.run(0, { steps: 9, noteEnd }, { grant: { until: 2, iteration: 99 } }), 0)
      await bench.report(0, 2)
      executor.stop(0)
      await bench.until('stopped')
      expect(readFileSync(noteEnd, 'utf8')).toBe('AbortError')
      expect(bench.counts(0)).toEqual([1, 2])
    })

    it('ends a class trainable by its `done`, saves its end, and uses the instance again', async () => {
      const executor = await bench.open(create, 'Stepper')
      executor.start(bench.run(0, { steps: 2 }), 0)
      await bench.until('ended', 0)
      executor.start(bench.run(1, { steps: 3 }), 0)
      await bench.until('ended', 1)
      expect(bench.counts(0)).toEqual([1, 2])
      expect(bench.counts(1)).toEqual([1, 2, 3])
      const made = [...bench.reports(0), ...bench.reports(1)].map(({ metrics }) => metrics.made)
      expect(new Set(made).size).toBe(1)
      expect(existsSync(join(bench.folder, 'trial_0', 'checkpoint_000002'))).toBe(true)
    })
  })
}
