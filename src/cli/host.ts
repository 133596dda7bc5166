import { type SpawnOptions, spawn } from 'node:child_process'
import { constants } from 'node:os'
import { TuneError } from '../errors.js'

/** What commands do outside of this process; tests give another one. */
export interface Host {
  /**
   * Runs a program to its end, on this process's own streams; what asks this process to stop asks that one too.
   *
   * @returns its exit code; 128 and the signal's number, as shells count, if a signal ended it
   * @throws `TuneError` `STORAGE_UNAVAILABLE` if it can't be started
   */
  run(command: string, args: readonly string[]): Promise<number>
  /** Has the desktop open a file, as a double click would, and doesn't wait. @returns whether there is one that can */
  open(path: string): Promise<boolean>
}

/** The machine itself; nothing goes through a shell. */
export const systemHost: Host = { run: runProgram, open: openFile }

/** Signals that this process passes on; a terminal's Ctrl-C reaches both anyway. */
const passedOn: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGHUP']

function runProgram(command: string, args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit' })
    const handlers = [...passedOn, 'SIGINT' as const].map(signal => {
      const handle = () => {
        // two of them would have a study quit at once, and a terminal sends one to each process
        if (signal !== 'SIGINT' || process.stdin.isTTY !== true) child.kill(signal)
      }
      process.on(signal, handle)
      return () => process.off(signal, handle)
    })
    const release = () => {
      for (const each of handlers) each()
    }
    child.on('error', cause => {
      release()
      reject(new TuneError('STORAGE_UNAVAILABLE', `${command} can't be started: ${cause.message}`, { cause }))
    })
    child.on('close', (code, signal) => {
      release()
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]))
    })
  })
}

/** How each platform opens a file. */
const openers: Partial<Record<NodeJS.Platform, readonly [command: string, ...args: string[]]>> = {
  darwin: ['open'],
  // explorer takes the path as it is; `start` is the shell's own and would read it as a command line
  win32: ['explorer.exe'],
}

function openFile(path: string): Promise<boolean> {
  const [command, ...args] = openers[process.platform] ?? ['xdg-open']
  const options: SpawnOptions = { stdio: 'ignore', detached: true }
  return new Promise(resolve => {
    const child = spawn(command, [...args, path], options)
    child.on('error', () => resolve(false))
    child.on('spawn', () => {
      child.unref()
      resolve(true)
    })
  })
}
