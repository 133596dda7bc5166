import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { insights } from '../../analysis/index.js'
import type { StudyEvent } from '../../src/study/events.js'
import { openResults } from '../../src/tuner/open-results.js'
import { call, demo, header, reportEvent, trialEvent, writeStudy } from './support.js'

const storage = mkdtempSync(join(tmpdir(), 'tunewright-insights-'))
afterAll(() => rmSync(storage, { recursive: true, force: true }))

/** 40 trials of which those with a large rate fail. */
const lessons: readonly StudyEvent[] = [
  header({
    space: {
      object: {
        lr: { domain: 'uniform', lower: 0, upper: 1 },
        width: { domain: 'uniform', lower: 0, upper: 1 },
      },
    },
  }),
  ...Array.from({ length: 40 }, (_, i): StudyEvent[] => {
    const [lr, width] = [((i * 7) % 40) / 40, ((i * 11) % 40) / 40]
    if (lr > 0.8)
      return [
        trialEvent(i, { lr, width }),
        { event: 'failure', trial: i, error: { name: 'Error', message: '\u001b[31mdiverged\n' }, retry: false },
      ]
    const metrics = { loss: (lr - 0.3) ** 2 + 0.1 * width, accuracy: 1 - lr }
    return [trialEvent(i, { lr, width }), reportEvent(i, 1, metrics), { event: 'end', trial: i }]
  }).flat(),
  { event: 'finish' },
]
const path = writeStudy(storage, 'lessons', lessons)

describe('tunewright insights', () => {
  it('says what there is to learn, in lines that fit, the same each time', async () => {
    const { code, stdout, stderr } = await call(['insights', path], { width: 72 })
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/^The study\n- 40 trials ended, 33 with a finite loss; the best is /)
    expect(stdout).toContain('\nWhat to do next\n- [high] Leave lr > 0.81 out')
    const lines = stdout.split('\n')
    expect(lines.filter(line => line.length > 72)).toEqual([])
    expect(lines.filter(line => !/^($|- | {2}\S|[A-Z])/.test(line))).toEqual([])
    expect(await call(['insights', path], { width: 72 })).toEqual({ code, stdout, stderr })
    const words = (text: string) => text.replace(/\s+/g, ' ').trim()
    expect(words(stdout)).toBe(words(String(insights(openResults(path)))))
  })

  it('prints JSON and Markdown', async () => {
    const found = insights(openResults(path), { seed: 5 })
    const json = await call(['insights', path, '--json', '--seed', '5'])
    expect(JSON.parse(json.stdout)).toEqual(JSON.parse(JSON.stringify(found.toJson())))
    const markdown = await call(['insights', path, '--markdown', '--seed', '5'])
    expect(markdown.stdout).toBe(found.toMarkdown())
  })

  it('goes by the metric that is named', async () => {
    const { stdout } = await call(['insights', path, '--metric', 'accuracy', '--mode', 'max'])
    expect(stdout).toContain('33 with a finite accuracy; the best is 1 (trial 0, mode max).')
  })

  it('has little to say of a small study, and says so', async () => {
    const { code, stdout } = await call(['insights', writeStudy(storage, 'small', demo)])
    expect(code).toBe(0)
    expect(stdout).toContain('[low] Run more trials for a model to learn from.')
  })

  it('says what is wrong', async () => {
    const fault = async (...args: string[]) => {
      const { code, stdout, stderr } = await call(['insights', path, ...args])
      expect([code, stdout]).toEqual([1, ''])
      return stderr
    }
    expect(await fault('--metric', 'accuracy')).toContain('add --mode min or --mode max')
    expect(await fault('--metric', 'acuracy', '--mode', 'max')).toBe(
      'tunewright: no trial\'s last report has "acuracy": metrics reported: "loss", "accuracy"; did you mean "accuracy"?\n',
    )
    const several = writeStudy(storage, 'several', [
      header({
        metric: null,
        mode: null,
        objectives: [
          { metric: 'loss', mode: 'min' },
          { metric: 'accuracy', mode: 'max' },
        ],
      }),
      ...lessons.slice(1),
    ])
    expect((await call(['insights', several])).stderr).toContain('name one with --metric')
    expect((await call(['insights', several, '--metric', 'accuracy'])).code).toBe(0)
  })
})
