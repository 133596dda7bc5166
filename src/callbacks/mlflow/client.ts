import { toErrorRecord } from '../../errors.js'
import { isPlainObject } from '../../json.js'
import { cut, sanitize } from '../../results/text.js'
import type { TrackingServer } from './tracking-server.js'

/**
 * What became of a request that failed: `away` may go better later; `refused` won't, for this and every other; `rejected` won't, for this
 * one.
 */
export type FailureKind = 'away' | 'refused' | 'rejected'

/** A request that failed, without anything secret in its message. */
export class MLflowError extends Error {
  override readonly name = 'MLflowError'
  readonly kind: FailureKind
  /** MLflow's own code, such as `RESOURCE_DOES_NOT_EXIST`. */
  readonly code: string | undefined
  /** How long the server wants to be left alone, in milliseconds. */
  readonly retryAfterMs: number

  constructor(kind: FailureKind, message: string, details: { code?: string | undefined; retryAfterMs?: number } = {}) {
    super(message)
    this.kind = kind
    this.code = details.code
    this.retryAfterMs = details.retryAfterMs ?? 0
  }
}

/** What a request sends. */
type Fields = Readonly<Record<string, unknown>>

/** Speaks MLflow's REST interface 2.0. */
export class MLflowClient {
  readonly #server: TrackingServer
  readonly #timeoutMs: number
  readonly #signal: AbortSignal

  /** @param signal - ends all requests */
  constructor(server: TrackingServer, timeoutMs: number, signal: AbortSignal) {
    this.#server = server
    this.#timeoutMs = timeoutMs
    this.#signal = signal
  }

  /** @throws {@link MLflowError} */
  get(method: string, query: Readonly<Record<string, string>>): Promise<Fields> {
    return this.#send(`${method}?${new URLSearchParams(query)}`, { method: 'GET' })
  }

  /** @throws {@link MLflowError} */
  post(method: string, body: Fields): Promise<Fields> {
    return this.#send(method, { method: 'POST', body: JSON.stringify(body) })
  }

  async #send(path: string, init: { readonly method: string; readonly body?: string }): Promise<Fields> {
    const { ok, status, headers, text } = await this.#fetch(path, init)
    const body = parse(text)
    if (!ok) throw this.#failure(status, headers, body, text)
    if (body === undefined)
      throw new MLflowError('away', `it answers with something else than MLflow's JSON (${this.#excerpt(text)})`)
    return body
  }

  async #fetch(path: string, init: { readonly method: string; readonly body?: string }) {
    const { url, authorization } = this.#server
    const abort = new AbortController()
    const stop = () => abort.abort(new Error('the study is over'))
    const timer = setTimeout(() => abort.abort(new Error(`not within ${this.#timeoutMs} ms`)), this.#timeoutMs).unref()
    if (this.#signal.aborted) stop()
    this.#signal.addEventListener('abort', stop)
    try {
      const response = await fetch(`${url}api/2.0/mlflow/${path}`, {
        ...init,
        headers: {
          accept: 'application/json',
          ...(init.body !== undefined && { 'content-type': 'application/json' }),
          ...(authorization !== undefined && { authorization }),
        },
        redirect: 'manual',
        signal: abort.signal,
      })
      const { ok, status, headers } = response
      return { ok, status, headers, text: await response.text() }
    } catch (error) {
      throw new MLflowError('away', `it does not answer (${this.#excerpt(causeOf(error))})`)
    } finally {
      clearTimeout(timer)
      this.#signal.removeEventListener('abort', stop)
    }
  }

  #failure(status: number, headers: Headers, body: Fields | undefined, text: string): MLflowError {
    const code = typeof body?.error_code === 'string' ? body.error_code : undefined
    const said = typeof body?.message === 'string' ? body.message : text
    const message = `it answers ${status}${code === undefined ? '' : ` ${this.#excerpt(code)}`} (${this.#excerpt(said)})`
    if (status >= 500 || status === 429 || status === 408) {
      const seconds = Number(headers.get('retry-after'))
      return new MLflowError('away', message, { code, retryAfterMs: Number.isFinite(seconds) ? 1000 * seconds : 0 })
    }
    if (status === 401 || status === 403)
      return new MLflowError('refused', `${message}: check MLFLOW_TRACKING_TOKEN, or user name and password`, { code })
    if (status < 400) return new MLflowError('refused', `${message}: it sends requests elsewhere, so give that address`)
    if (status === 404 && code === undefined)
      return new MLflowError(
        'refused',
        `${message}: nothing there speaks MLflow's REST interface, so check the address`,
      )
    return new MLflowError('rejected', message, { code })
  }

  /** Something from outside, short and on one line. */
  #excerpt(text: string): string {
    return cut(sanitize(this.#clean(text.slice(0, 5000))), 200) || 'without a word'
  }

  /** Takes out what is secret: a server may repeat what it was sent. */
  #clean(text: string): string {
    let clean = text
    for (const secret of this.#server.secrets) clean = clean.replaceAll(secret, '***')
    return clean
  }
}

function parse(text: string): Fields | undefined {
  try {
    const value: unknown = text === '' ? {} : JSON.parse(text)
    return isPlainObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** `fetch` hides what happened in causes. */
function causeOf(error: unknown): string {
  let cause = error
  while (cause instanceof Error && cause.cause instanceof Error) cause = cause.cause
  const { message, code } = toErrorRecord(cause)
  return message === '' ? (code ?? 'no reason given') : message
}
