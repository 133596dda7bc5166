import { describe, expect, it } from 'vitest'
import type { Callback, StudyView } from '../../src/callbacks/callback.js'
import { Notifier } from '../../src/tuner/notifier.js'

const view = { trials: [] as StudyView['trials'] } as StudyView

/** A callback that throws what it is told to, and one that hears of it. */
function make() {
  let fault: string | undefined
  const heard: string[] = []
  const fail = () => {
    if (fault !== undefined) throw new Error(fault)
  }
  const faulty: Callback = { name: 'tracker', onStudyStart: fail, onFlush: fail, onStudyEnd: fail }
  const listener: Callback = { onNotice: ({ message }) => void heard.push(message) }
  const notifier = new Notifier([faulty, listener], view)
  const failWith = (message?: string) => {
    fault = message
  }
  return { notifier, heard, failWith }
}

const reported = (message: string) => `the callback tracker failed, and the study goes on: ${message}`

describe('a callback that throws', () => {
  it('is reported once, whatever it throws, and goes on being told', async () => {
    const { notifier, heard, failWith } = make()
    failWith('away')
    await notifier.start()
    notifier.tell([])
    failWith('still away')
    notifier.tell([])
    expect(heard).toEqual([reported('away')])
  })

  it('is reported again at the end for what is new', async () => {
    const { notifier, heard, failWith } = make()
    failWith('away')
    notifier.tell([])
    failWith('3 reports were not sent')
    await notifier.end({ type: 'finished' })
    expect(heard).toEqual([reported('away'), reported('3 reports were not sent')])
  })

  it('is not reported again at the end for the same, nor when all is well', async () => {
    for (const last of ['away', undefined]) {
      const { notifier, heard, failWith } = make()
      failWith('away')
      notifier.tell([])
      failWith(last)
      await notifier.end({ type: 'finished' })
      expect(heard).toEqual([reported('away')])
    }
  })
})
