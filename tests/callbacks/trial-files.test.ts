import { execFileSync, spawnSync } from 'node:child_process'
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type CreateFileSink, InlineFileSink } from '../../src/callbacks/trial-files/file-sink.js'
import { formatDate } from '../../src/callbacks/trial-files/result-fields.js'
import { TrialFiles } from '../../src/callbacks/trial-files/trial-files.js'
import { FakeStudy } from './fake-study.js'
import { ManualTime } from './manual-time.js'

const host = { pid: 42, hostname: 'box', nodeIp: '10.0.0.1' }
const createSink: CreateFileSink = onFailure => new InlineFileSink(onFailure)

let path: string
let time: ManualTime

beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'trial-files-'))
  time = new ManualTime()
})

afterEach(() => {
  rmSync(path, { recursive: true, force: true })
})

function setUp() {
  const files = new TrialFiles({ host, createSink, clock: time, timer: time })
  const study = new FakeStudy({ path, callbacks: [files] })
  files.onStudyStart(study)
  return { files, study }
}

const read = (name: string) => readFileSync(join(path, name), 'utf8')
const date = (seconds: number) => formatDate(Date.UTC(2026, 0, 2, 3, 4, 5 + seconds))
const second = (seconds: number) => Date.UTC(2026, 0, 2, 3, 4, 5 + seconds) / 1000

describe('the files of a trial', () => {
  it('hold its parameters, results and progress as Ray Tune writes them', async () => {
    const { files, study } = setUp()
    const trial = study.start({ lr: 0.125, act: 'a,"b"', bad: Number.NaN })
    study.report(trial, { acc: 0.5, valid: { f1: Number.NaN }, note: 'x, "y"\nz', flag: true, sizes: [1, 2] })
    study.report(trial, { acc: Number.POSITIVE_INFINITY, valid: { f1: -0 }, note: null, done: false, time_total_s: 99 })
    study.end(trial, 'below the cut-off')
    await files.onStudyEnd(study)
    const tail = 'box,10.0.0.1,demo_00000,"0_act=a_b_,bad=NaN,lr=0.1250"'
    const rest =
      '"pid":42,"hostname":"box","node_ip":"10.0.0.1","trial_id":"demo_00000","experiment_tag":"0_act=a_b_,bad=NaN,lr=0.1250",' +
      '"config":{"lr":0.125,"act":"a,\\"b\\"","bad":NaN}}'
    expect({
      names: readdirSync(join(path, 'trial_00000')).sort(),
      parameters: read('trial_00000/params.json'),
      results: read('trial_00000/result.json').split('\n'),
      progress: read('trial_00000/progress.csv'),
    }).toEqual({
      names: ['params.json', 'progress.csv', 'result.json'],
      parameters: '{\n  "act": "a,\\"b\\"",\n  "bad": NaN,\n  "lr": 0.125\n}\n',
      results: [
        `{"acc":0.5,"valid":{"f1":NaN},"note":"x, \\"y\\"\\nz","flag":true,"sizes":[1,2],"training_iteration":1,"time_this_iter_s":1,"time_total_s":1,"timestamp":${second(1)},"date":"${date(1)}","done":false,${rest}`,
        `{"acc":Infinity,"valid":{"f1":-0.0},"note":null,"training_iteration":2,"time_this_iter_s":1,"time_total_s":99,"timestamp":${second(2)},"date":"${date(2)}","done":false,${rest}`,
        '',
      ],
      progress:
        'acc,valid/f1,note,flag,sizes,training_iteration,time_this_iter_s,time_total_s,timestamp,date,done,pid,hostname,node_ip,trial_id,experiment_tag\n' +
        `0.5,nan,"x, ""y""\nz",True,"[1,2]",1,1,1,${second(1)},${date(1)},False,42,${tail}\n` +
        `inf,-0.0,,,,2,1,99,${second(2)},${date(2)},False,42,${tail}\n`,
    })
  })

  it.skipIf(spawnSync('python3', ['--version']).status !== 0)('are read back by Python', async () => {
    const { files, study } = setUp()
    const trial = study.start({ 'λ\u2028': 'é' })
    study.report(trial, {
      acc: Number.NaN,
      low: Number.NEGATIVE_INFINITY,
      text: 'a\u0085b\u2028c\uD800',
      deep: { a: [1e21, 5e-324] },
    })
    study.report(trial, { acc: 1, 'new, "one"': 'multi\nline' })
    await files.onStudyEnd(study)
    const script = `
import csv, json, sys
rows = [json.loads(line) for line in open(sys.argv[1] + '/result.json', encoding='utf8').read().splitlines()]
table = list(csv.DictReader(open(sys.argv[1] + '/progress.csv', encoding='utf8', newline='')))
print(json.dumps([repr(rows[0][k]) for k in ('acc', 'low', 'deep', 'config')] + [repr(rows[0]['text'])] + [[r['acc'], r['new, "one"']] for r in table]))`
    expect(
      JSON.parse(execFileSync('python3', ['-c', script, join(path, 'trial_00000')], { encoding: 'utf8' })),
    ).toEqual([
      'nan',
      '-inf',
      "{'a': [1e+21, 5e-324]}",
      "{'λ\\u2028': 'é'}",
      "'a\\x85b\\u2028c\\ud800'",
      ['nan', ''],
      ['1', 'multi\nline'],
    ])
  })

  it('say done at the report at which the trial was stopped, or that said so itself', async () => {
    const { files, study } = setUp()
    const stopped = study.start()
    stopped.status = 'terminated'
    stopped.reason = 'enough'
    study.report(stopped, { acc: 1 })
    const own = study.start()
    study.report(own, { acc: 1, done: true })
    await files.onStudyEnd(study)
    expect([0, 1].map(index => JSON.parse(read(`trial_0000${index}/result.json`)).done)).toEqual([true, true])
  })

  it('have an error.txt with every failure', async () => {
    const { files, study } = setUp()
    const trial = study.start()
    study.fail(trial, { name: 'Error', message: 'first', stack: 'Error: first\n    at train' }, true)
    time.advance(1000)
    study.fail(trial, { name: 'Error', message: 'second' })
    await files.onStudyEnd(study)
    expect(read('trial_00000/error.txt')).toBe(
      `Failure # 1 (occurred at ${date(0)})\nError: first\n    at train\n\nFailure # 2 (occurred at ${date(1)})\nError: second\n\n`,
    )
    expect(read('trial_00000/result.json')).toBe('')
  })
})

describe('progress.csv', () => {
  it('gets the columns that later reports bring, before it is written and after', async () => {
    const { files, study } = setUp()
    const trial = study.start()
    const row = (iteration: number) =>
      `${iteration},1,${iteration},${second(iteration)},${date(iteration)},False,42,box,10.0.0.1,demo_00000,0`
    study.report(trial, { a: 1, text: 'one\n"two"' })
    study.report(trial, { a: 2, b: 2 })
    time.advance(1000)
    study.report(trial, { c: { d: 3 }, a: 3 })
    await files.onStudyEnd(study)
    const fields =
      'training_iteration,time_this_iter_s,time_total_s,timestamp,date,done,pid,hostname,node_ip,trial_id,experiment_tag'
    expect(read('trial_00000/progress.csv')).toBe(
      [`a,text,${fields},b,c/d`, `1,"one\n""two""",${row(1)},,`, `2,,${row(2)},2,`, `3,,${row(3)},,3`, ''].join('\n'),
    )
    expect(readdirSync(join(path, 'trial_00000'))).not.toContain('progress.csv.tmp')
  })
})

describe('when files are written', () => {
  it('writes many trials together, at most every half second', () => {
    const batches: string[][] = []
    const files = new TrialFiles({
      host,
      clock: time,
      timer: time,
      createSink: () => ({
        submit: operations =>
          batches.push(operations.map(({ type, path: file }) => `${type} ${file.slice(path.length + 1)}`)),
        flush: async () => {},
        close: async () => {},
      }),
    })
    const study = new FakeStudy({ path, callbacks: [files] })
    files.onStudyStart(study)
    const first = study.start()
    study.report(first, { acc: 1 })
    study.flush()
    expect(batches).toEqual([])
    time.advance(400)
    study.end(study.start())
    study.flush()
    time.advance(100)
    study.report(first, { acc: 2 })
    study.report(first, { acc: 3 })
    time.advance(500)
    time.advance(5000)
    expect(batches).toEqual([
      [
        'write trial_00000/params.json',
        'write trial_00000/progress.csv',
        'write trial_00000/result.json',
        'write trial_00001/params.json',
        'write trial_00001/result.json',
      ],
      ['append trial_00000/progress.csv', 'append trial_00000/result.json'],
    ])
  })

  it('writes nothing for a study that is kept in memory', async () => {
    const files = new TrialFiles({ host, createSink, clock: time, timer: time })
    const study = new FakeStudy({ path: undefined, callbacks: [files] })
    files.onStudyStart(study)
    study.end(study.start())
    await files.onStudyEnd(study)
    expect(time.timers).toBe(0)
  })

  it('refuses a folder outside the study', () => {
    const { files, study } = setUp()
    const trial = study.start()
    trial.directory = '../elsewhere'
    const other = { ...trial, index: 1 }
    expect(() => files.onTrialStart(other, study)).toThrow(/outside the study/)
  })
})

describe('when a study is resumed', () => {
  it('makes anew the files of trials that go on and of those that are incomplete, and leaves the others alone', async () => {
    const { files, study } = setUp()
    const trials = [study.start({ x: 0 }), study.start({ x: 1 }), study.start({ x: 2 }), study.start({ x: 3 })]
    for (const trial of trials) {
      study.report(trial, { acc: trial.index })
      study.report(trial, { acc: trial.index + 0.5 })
    }
    const [whole, torn, missing, open] = trials
    if (!whole || !torn || !missing || !open) throw new Error('there are four')
    for (const trial of [whole, torn, missing]) study.end(trial)
    await files.onStudyEnd(study)
    const before = [0, 1, 2, 3].map(index => read(`trial_0000${index}/result.json`))
    const [, , , openBefore = ''] = before
    writeFileSync(join(path, 'trial_00000/params.json'), 'untouched')
    writeFileSync(join(path, 'trial_00001/result.json'), before[1]?.slice(0, -20) ?? '')
    rmSync(join(path, 'trial_00002'), { recursive: true })
    appendFileSync(join(path, 'trial_00003/result.json'), 'what was never committed')

    const again = new TrialFiles({ host, createSink, clock: time, timer: time })
    const passes = study.passes
    again.onStudyStart(study)
    expect(study.passes - passes).toBe(1)
    expect([0, 1, 2, 3].map(index => read(`trial_0000${index}/result.json`))).toEqual(before)
    expect(read('trial_00000/params.json')).toBe('untouched')
    study.report(open, { acc: 9 })
    const { lastReport } = open
    if (lastReport) again.onTrialReport(open, lastReport, study)
    await again.onStudyEnd(study)
    expect(read('trial_00003/result.json').startsWith(`${openBefore}{"acc":9,`)).toBe(true)
    expect(read('trial_00003/progress.csv').split('\n')).toHaveLength(5)
  })
})

describe('when a file cannot be written', () => {
  it('says so once, goes on with the other trials, and catches up at the end', async () => {
    const { files, study } = setUp()
    // a file where the trial's folder is to be
    writeFileSync(join(path, 'trial_00000'), 'in the way')
    const blocked = study.start({ x: 1 })
    const free = study.start({ x: 2 })
    study.report(blocked, { acc: 1 })
    time.advance(500)
    expect(() => study.flush()).toThrow(/trial_00000\/params.json can't be written \(.*\)\. Nothing is lost/)
    study.report(blocked, { acc: 2 })
    study.report(free, { acc: 3 })
    time.advance(500)
    study.flush()
    rmSync(join(path, 'trial_00000'))
    study.report(blocked, { acc: 4 })
    await files.onStudyEnd(study)
    const accuracies = (index: number) =>
      read(`trial_0000${index}/result.json`)
        .trimEnd()
        .split('\n')
        .map(line => JSON.parse(line).acc)
    expect([accuracies(0), accuracies(1)]).toEqual([[1, 2, 4], [3]])
  })

  it('fails at the end only if it still cannot', async () => {
    const { files, study } = setUp()
    writeFileSync(join(path, 'trial_00000'), 'in the way')
    study.end(study.start())
    await expect(files.onStudyEnd(study)).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' })
  })
})
