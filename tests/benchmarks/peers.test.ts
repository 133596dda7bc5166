import { afterEach, describe, expect, it } from 'vitest'
import { Peer } from '../../benchmarks/peers/peer.js'
import { parsePeerMessage } from '../../benchmarks/peers/protocol.js'
import type { Problem, Task } from '../../benchmarks/problems/problem.js'

describe('a line of a peer', () => {
  it.each([
    ['{"type":"ready","versions":{"optuna":"5.0.0"}}', { type: 'ready', versions: { optuna: '5.0.0' } }],
    ['{"type":"evaluate","config":{"x0":1.5,"model":{"branch":"svm","c":2}}}', undefined],
    ['{"type":"finished","suggestionMs":[1,2.5]}', undefined],
    ['{"type":"unsupported","reason":"floats only"}', undefined],
    ['{"type":"failed","reason":"no torch"}', undefined],
  ])('is read: %s', (line, message) => {
    expect(parsePeerMessage(line)).toEqual(message ?? JSON.parse(line))
  })

  it.each([
    'Traceback (most recent call last):',
    '[]',
    'null',
    '{"type":"evaluate"}',
    '{"type":"finished","suggestionMs":[1,"2"]}',
    '{"type":"finished","suggestionMs":[null]}',
    '{"type":"value","value":1}',
  ])('is refused: %s', line => {
    expect(() => parsePeerMessage(line)).toThrow(`a peer said what is no message: ${line}`)
  })
})

describe('a peer', () => {
  const problem: Problem = {
    name: 'square',
    parameters: { x: { type: 'float', low: 0, high: 9 } },
    mode: 'min',
    optimum: 0,
    evaluate: ({ x }) => Number(x) ** 2,
  }
  const peers: Peer[] = []

  afterEach(() => {
    for (const peer of peers.splice(0)) peer.close()
  })

  /** A peer that tries 0, 1, 2 and so on from its seed, and ends as it is told. */
  async function start(onStudy: string): Promise<Peer> {
    const script = `
      const { createInterface } = require('node:readline')
      const say = message => process.stdout.write(JSON.stringify(message) + '\\n')
      let study, tried
      say({ type: 'ready', versions: { counter: '1.0' } })
      createInterface({ input: process.stdin }).on('line', line => {
        const request = JSON.parse(line)
        if (request.type === 'study') {
          study = request
          tried = 0
          ${onStudy}
        } else tried++
        if (tried < study.evaluations) say({ type: 'evaluate', config: { x: study.seed + tried } })
        else say({ type: 'finished', suggestionMs: new Array(tried).fill(0.5) })
      })`
    const peer = await Peer.start({ name: 'counter', command: process.execPath, args: ['-e', script] })
    peers.push(peer)
    return peer
  }

  it('runs one study after the other, on our objective', async () => {
    const peer = await start('')
    expect(peer.versions).toEqual({ counter: '1.0' })
    expect(await peer.run(problem, { seed: 1, evaluations: 3 })).toEqual({
      values: [1, 4, 9],
      suggestionMs: [0.5, 0.5, 0.5],
    })
    expect((await peer.run(problem, { seed: 4, evaluations: 1 }))?.values).toEqual([16])
  })

  it('is told of several objectives, and a list of values for each config', async () => {
    const fussy = "if (request.objectives !== 2) return say({ type: 'failed', reason: 'there are not two' })"
    const peer = await start(fussy)
    const task: Task<readonly number[]> = { ...problem, objectives: 2, evaluate: ({ x }) => [Number(x), -Number(x)] }
    const run = await peer.run(task, { seed: 1, evaluations: 2 })
    expect(run?.values).toEqual([
      [1, -1],
      [2, -2],
    ])
    await expect(peer.run(problem, { seed: 1, evaluations: 2 })).rejects.toThrow('there are not two')
  })

  it('may not take a space', async () => {
    const peer = await start(`return say({ type: 'unsupported', reason: 'no floats' })`)
    expect(await peer.run(problem, { seed: 0, evaluations: 2 })).toBeUndefined()
  })

  it('fails with what it says, or with what it wrote before its end', async () => {
    const failing = await start(`return say({ type: 'failed', reason: 'no torch' })`)
    await expect(failing.run(problem, { seed: 0, evaluations: 2 })).rejects.toThrow('the peer counter failed: no torch')
    const ending = await start(`console.error('out of luck'); return process.exit(3)`)
    await expect(ending.run(problem, { seed: 0, evaluations: 2 })).rejects.toThrow(
      'the peer counter ended with exit code 3:\nout of luck',
    )
  })

  it('that can’t be started says so', async () => {
    const missing = { name: 'ghost', command: '/nowhere/python', args: [] }
    await expect(Peer.start(missing)).rejects.toThrow(/the peer ghost did not start: .*ENOENT/)
  })
})
