import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

interface Metric {
  readonly key: string
  readonly value: unknown
  readonly timestamp: number
  readonly step: number
}

/** A run, as the server keeps it: every metric that it was sent, even twice. */
export interface FakeRun {
  readonly id: string
  readonly name: string
  status: string
  endTime: number | undefined
  readonly startTime: number
  readonly metrics: Metric[]
  readonly params: Map<string, string>
  readonly tags: Map<string, string>
}

/** What the server does instead of answering: never, with another status, with that text, or as it should but unheard. */
export type Fault =
  | 'hang'
  | 'lose'
  | { readonly status: number; readonly text: string; readonly headers?: Record<string, string> }

/** A request that came in. */
export interface SeenRequest {
  readonly method: string
  readonly authorization: string | undefined
}

interface TextEntry {
  readonly key: string
  readonly value: string
}

/** A request as trackers send it, in JSON or in the address: not checked, as it comes from tunewright alone. */
type Call =
  | { readonly method: 'experiments/get-by-name'; readonly input: { readonly experiment_name: string } }
  | { readonly method: 'experiments/create'; readonly input: { readonly name: string } }
  | {
      readonly method: 'runs/create'
      readonly input: { readonly run_name: string; readonly start_time: number; readonly tags: readonly TextEntry[] }
    }
  | { readonly method: 'runs/get'; readonly input: { readonly run_id: string } }
  | { readonly method: 'runs/search'; readonly input: { readonly filter: string; readonly page_token?: string } }
  | {
      readonly method: 'runs/update'
      readonly input: { readonly run_id: string; readonly status: string; readonly end_time?: number }
    }
  | {
      readonly method: 'runs/log-batch'
      readonly input: {
        readonly run_id: string
        readonly metrics?: readonly Metric[]
        readonly params?: readonly TextEntry[]
        readonly tags?: readonly TextEntry[]
      }
    }

/** Speaks as much of MLflow's REST interface as trackers use, with its rules for names and lengths. */
export class FakeMLflow {
  readonly runs: FakeRun[] = []
  readonly experiments: string[] = []
  readonly requests: SeenRequest[] = []
  /** Decides what goes wrong, by the method and the number of the request. */
  fault: (method: string, n: number) => Fault | undefined = () => undefined
  maxParamLength = 6000
  pageSize = 1000
  readonly #server: Server
  readonly #sockets = new Set<Socket>()

  constructor() {
    this.#server = createServer((request, response) => void this.#handle(request, response))
    this.#server.on('connection', socket => {
      this.#sockets.add(socket)
      socket.on('close', () => this.#sockets.delete(socket))
    })
  }

  /** @returns its address */
  async listen(port = 0): Promise<string> {
    await new Promise<void>(resolve => this.#server.listen(port, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await new Promise(resolve => this.#server.close(resolve))
  }

  /** The runs that are nested in none. */
  get parents(): FakeRun[] {
    return this.runs.filter(run => !run.tags.has('mlflow.parentRunId'))
  }

  /** The run of a trial; fails if there is not just one. */
  trial(index: number): FakeRun {
    const found = this.runs.filter(run => run.tags.get('tunewright.trialIndex') === String(index))
    const [run] = found
    if (run === undefined || found.length > 1) throw new Error(`trial ${index} has ${found.length} runs`)
    return run
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const url = new URL(request.url ?? '', 'http://localhost')
    const method = url.pathname.replace('/api/2.0/mlflow/', '')
    this.requests.push({ method, authorization: request.headers.authorization })
    const fault = this.fault(method, this.requests.length)
    if (fault === 'hang') return
    if (typeof fault === 'object') {
      response.writeHead(fault.status, fault.headers).end(fault.text)
      return
    }
    const text = Buffer.concat(chunks).toString()
    const input: unknown = request.method === 'GET' ? Object.fromEntries(url.searchParams) : JSON.parse(text)
    const { status, body } = this.#answer({ method, input } as Call)
    if (fault === 'lose') {
      request.socket.destroy()
      return
    }
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  }

  #answer({ method, input }: Call): { status: number; body: unknown } {
    const fail = (code: string, message: string, status = 400) => ({ status, body: { error_code: code, message } })
    const ok = (body: unknown) => ({ status: 200, body })
    const run = 'run_id' in input ? this.runs.find(({ id }) => id === input.run_id) : undefined
    switch (method) {
      case 'experiments/get-by-name': {
        const id = this.experiments.indexOf(input.experiment_name)
        if (id < 0) return fail('RESOURCE_DOES_NOT_EXIST', 'no such experiment', 404)
        return ok({ experiment: { experiment_id: String(id), name: input.experiment_name, lifecycle_stage: 'active' } })
      }
      case 'experiments/create':
        if (this.experiments.includes(input.name)) return fail('RESOURCE_ALREADY_EXISTS', 'there is one')
        this.experiments.push(input.name)
        return ok({ experiment_id: String(this.experiments.length - 1) })
      case 'runs/create': {
        const created: FakeRun = {
          id: `r${this.runs.length}`,
          name: input.run_name,
          status: 'RUNNING',
          startTime: input.start_time,
          endTime: undefined,
          metrics: [],
          params: new Map(),
          tags: new Map(input.tags.map(({ key, value }) => [key, value])),
        }
        this.runs.push(created)
        return ok({ run: encode(created) })
      }
      case 'runs/get':
        return run === undefined ? fail('RESOURCE_DOES_NOT_EXIST', 'no such run', 404) : ok({ run: encode(run) })
      case 'runs/search': {
        const wanted = [...input.filter.matchAll(/tags\.`([^`]+)` = '([^']*)'/g)]
        const found = this.runs.filter(each => wanted.every(([, key, value]) => each.tags.get(key ?? '') === value))
        const start = Number(input.page_token ?? 0)
        const end = start + this.pageSize
        // MLflow leaves out what is empty
        return ok({
          ...(found.length > 0 && { runs: found.slice(start, end).map(encode) }),
          ...(end < found.length && { next_page_token: String(end) }),
        })
      }
      case 'runs/update':
        if (run === undefined) return fail('RESOURCE_DOES_NOT_EXIST', 'no such run', 404)
        run.status = input.status
        run.endTime = input.end_time
        return ok({ run_info: encode(run).info })
      case 'runs/log-batch': {
        if (run === undefined) return fail('RESOURCE_DOES_NOT_EXIST', 'no such run', 404)
        const { metrics = [], params = [], tags = [] } = input
        const fault = this.#check(run, metrics, params, tags)
        if (fault !== undefined) return fail('INVALID_PARAMETER_VALUE', fault)
        run.metrics.push(...metrics)
        for (const { key, value } of params) run.params.set(key, value)
        for (const { key, value } of tags) run.tags.set(key, value)
        return ok({})
      }
      default:
        return { status: 404, body: 'Not Found' }
    }
  }

  #check(
    run: FakeRun,
    metrics: readonly Metric[],
    params: readonly TextEntry[],
    tags: readonly TextEntry[],
  ): string | undefined {
    if (metrics.length > 1000 || params.length > 100 || tags.length > 100) return 'the batch is too large'
    for (const { key } of [...metrics, ...params, ...tags]) {
      const isPath = key.split('/').every(part => part !== '' && part !== '.' && part !== '..')
      if (!/^[\p{L}\p{N}_.\- /]{1,250}$/u.test(key) || !isPath) return `Invalid name: '${key}'`
    }
    for (const { value, timestamp, step } of metrics) {
      const isNumber = typeof value === 'number' || ['NaN', 'Infinity', '-Infinity'].includes(String(value))
      if (!isNumber || !Number.isInteger(timestamp) || !Number.isInteger(step)) return 'a metric is not as it should be'
    }
    for (const { key, value } of params) {
      if (value.length > this.maxParamLength) return `Param value had length ${value.length}`
      if ((run.params.get(key) ?? value) !== value) return 'Changing param values is not allowed'
    }
    return tags.some(({ value }) => value.length > 5000) ? 'Tag value too long' : undefined
  }
}

function encode(run: FakeRun) {
  const last = new Map<string, Metric>()
  for (const metric of run.metrics) if ((last.get(metric.key)?.step ?? -1) <= metric.step) last.set(metric.key, metric)
  return {
    info: { run_id: run.id, run_name: run.name, status: run.status },
    data: {
      metrics: [...last.values()],
      params: [...run.params].map(([key, value]) => ({ key, value })),
      tags: [...run.tags].map(([key, value]) => ({ key, value })),
    },
  }
}
