import { systemClock } from '../../clock.js'
import { toErrorRecord } from '../../errors.js'
import { loadTrainable } from '../../trainable/load.js'
import { currentTrial } from '../output.js'
import { SharedWatch } from '../step-watch.js'
import { TrialHost } from '../trial-host.js'
import type { WorkerCommand, WorkerReply, WorkerTask } from './protocol.js'

/** Runs in a worker thread: hosts trials until it is told to close. The thread's module cache, and so the trainable, stays warm. */
export default async function runWorker({ port, trainable, watch, options }: WorkerTask): Promise<void> {
  const send = (messages: WorkerReply): void => port.postMessage(messages)
  const early: WorkerCommand[] = []
  let handle = (command: WorkerCommand): void => {
    early.push(command)
  }
  let finish: () => void = () => undefined
  const finished = new Promise<void>(resolve => {
    finish = resolve
  })
  port.on('message', (command: WorkerCommand) => handle(command))
  port.on('close', () => finish())

  let host: TrialHost
  try {
    const definition = await loadTrainable(trainable)
    host = new TrialHost({
      ...options,
      definition,
      concurrency: 1,
      clock: systemClock,
      watch: new SharedWatch(watch, systemClock.now),
      send,
    })
  } catch (error) {
    send([{ type: 'broken', error: toErrorRecord(error) }])
    port.close()
    return
  }

  // what is thrown in a timer or an event handler belongs to the trial whose code set it up; what can't be told is fatal
  const onStray = (error: unknown): void => {
    const trialIndex = currentTrial() ?? host.steppingTrial
    if (trialIndex === undefined) throw error
    host.fail(trialIndex, error)
  }
  process.on('uncaughtException', onStray)
  process.on('unhandledRejection', onStray)

  handle = command => {
    switch (command.type) {
      case 'start':
        host.start(command.run, command.attempt)
        return
      case 'extend':
        host.extend(command.trialIndex, command.grant, command.resumed)
        return
      case 'pause':
        host.pause(command.trialIndex)
        return
      case 'stop':
        host.stop(command.trialIndex, command.options)
        return
      case 'suspend':
        host.suspend(command.trialIndex, command.options)
        return
      case 'close':
        void host.close().then(() => port.close())
        return
      default:
        command satisfies never
    }
  }
  for (const command of early) handle(command)
  await finished
  process.off('uncaughtException', onStray)
  process.off('unhandledRejection', onStray)
}
