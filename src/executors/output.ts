import { AsyncLocalStorage } from 'node:async_hooks'

/** Which of a trial's two streams something was printed to. */
export type OutputStream = 'stdout' | 'stderr'

/** Where what a trial prints goes. */
export interface OutputTarget {
  readonly trialIndex: number
  write(stream: OutputStream, text: string): void
}

const current = new AsyncLocalStorage<OutputTarget>()
let isPatched = false

/** Runs a trial's code so that whatever it prints, now or in what it starts, goes to its target. */
export function withOutput<T>(target: OutputTarget, action: () => T): T {
  if (!isPatched) {
    isPatched = true
    patch('stdout')
    patch('stderr')
  }
  return current.run(target, action)
}

/** The trial whose code is running, if it is a trial's. */
export function currentTrial(): number | undefined {
  return current.getStore()?.trialIndex
}

function patch(name: OutputStream): void {
  const stream = process[name]
  const write = stream.write.bind(stream)
  const route = (chunk: string | Uint8Array, encoding?: unknown, done?: unknown): boolean => {
    const target = current.getStore()
    const callback = typeof encoding === 'function' ? encoding : done
    const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8')
    if (target === undefined) return write(text, typeof callback === 'function' ? () => callback() : undefined)
    target.write(name, text)
    if (typeof callback === 'function') queueMicrotask(() => callback())
    return true
  }
  stream.write = route
}
