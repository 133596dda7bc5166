import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Contestant, Run, RunOptions } from '../problems/measure.js'
import type { Outcome, Task } from '../problems/problem.js'
import { type PeerMessage, type PeerRequest, parsePeerMessage } from './protocol.js'

/** How a peer's process is started. */
export interface PeerCommand {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
}

/** A searcher in a process of its own, which lives for as long as the benchmark: what it takes to start is not measured. */
export class Peer implements Contestant {
  readonly name: string
  /** The versions of what it is made of, by package. */
  readonly versions: Readonly<Record<string, string>>
  readonly #connection: Connection

  private constructor(name: string, versions: Readonly<Record<string, string>>, connection: Connection) {
    this.name = name
    this.versions = versions
    this.#connection = connection
  }

  /** @throws `Error` with what it wrote on standard error, if it doesn't get ready */
  static async start(command: PeerCommand): Promise<Peer> {
    const connection = new Connection(command)
    const message = await connection.receive()
    if (message.type !== 'ready') throw unexpected(command.name, message)
    return new Peer(command.name, message.versions, connection)
  }

  async run<Value extends Outcome>(
    { parameters, mode, objectives = 1, evaluate }: Task<Value>,
    { seed, evaluations }: RunOptions,
  ): Promise<Run<Value> | undefined> {
    const values: Value[] = []
    this.#connection.send({ type: 'study', parameters, mode, objectives, seed, evaluations })
    for (;;) {
      const message = await this.#connection.receive()
      switch (message.type) {
        case 'evaluate': {
          const value = evaluate(message.config)
          values.push(value)
          this.#connection.send({ type: 'value', value })
          break
        }
        case 'finished':
          return { values, suggestionMs: message.suggestionMs }
        case 'unsupported':
          return undefined
        default:
          throw unexpected(this.name, message)
      }
    }
  }

  /** Ends the process. */
  close(): void {
    this.#connection.close()
  }
}

function unexpected(name: string, message: PeerMessage): Error {
  const text = message.type === 'failed' ? message.reason : `it said ${JSON.stringify(message).slice(0, 300)}`
  return new Error(`the peer ${name} failed: ${text}`)
}

/** A process that takes and gives messages by line. */
class Connection {
  readonly #child: ChildProcessWithoutNullStreams
  readonly #lines: AsyncIterator<string>
  readonly #failed: Promise<never>
  /** The end of what it wrote on standard error. */
  #complaints = ''

  constructor({ name, command, args }: PeerCommand) {
    // one thread each, as all that is compared computes on one
    const threads = { OMP_NUM_THREADS: '1', MKL_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' }
    this.#child = spawn(command, [...args], { env: { ...process.env, ...threads, PYTHONDONTWRITEBYTECODE: '1' } })
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]()
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#complaints = (this.#complaints + text).slice(-2000)
    })
    // writing to a process that has ended is told by its end
    this.#child.stdin.on('error', () => undefined)
    this.#failed = new Promise((_, reject) => {
      this.#child.once('error', error => reject(new Error(`the peer ${name} did not start: ${error.message}`)))
      this.#child.once('close', code =>
        reject(new Error(`the peer ${name} ended with exit code ${code}:\n${this.#complaints.trim()}`)),
      )
    })
    this.#failed.catch(() => undefined)
  }

  send(request: PeerRequest): void {
    this.#child.stdin.write(`${JSON.stringify(request)}\n`)
  }

  async receive(): Promise<PeerMessage> {
    const line = await Promise.race([this.#lines.next(), this.#failed])
    // its output is over; its end tells why
    return line.done ? await this.#failed : parsePeerMessage(line.value)
  }

  close(): void {
    this.#child.stdin.end()
  }
}
