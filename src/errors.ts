const codes = [
  'INVALID_SPACE',
  'INVALID_CONFIG',
  'INVALID_OPTION',
  'INVALID_NAME',
  'INVALID_TRAINABLE',
  'TRAINABLE_NOT_FOUND',
  'TRAINABLE_IMPORT_FAILED',
  'INVALID_REPORT',
  'METRIC_MISSING',
  'CHECKPOINT_FAILED',
  'CHECKPOINT_MISSING',
  'TRIAL_TIMEOUT',
  'WORKER_EXITED',
  'WORKER_OUT_OF_MEMORY',
  'STORAGE_UNAVAILABLE',
  'DEPENDENCY_MISSING',
  'JOURNAL_DAMAGED',
  'JOURNAL_NEWER',
  'STUDY_MISMATCH',
  'STUDY_EXISTS',
  'STUDY_LOCKED',
  'STUDY_NOT_FOUND',
  'NO_RESULT',
  'PLUGIN_FAULT',
] as const

/**
 * What a {@link TuneError} is about, grouped by what the caller should do.
 *
 * - **change the call**: `INVALID_SPACE`, `INVALID_CONFIG`, `INVALID_OPTION`, `INVALID_NAME`
 * - **change the trainable**: `INVALID_TRAINABLE`, `TRAINABLE_NOT_FOUND`, `TRAINABLE_IMPORT_FAILED`, `INVALID_REPORT`, `METRIC_MISSING`,
 *   `CHECKPOINT_FAILED`, `CHECKPOINT_MISSING`, `TRIAL_TIMEOUT`
 * - **look at the machine**: `WORKER_EXITED`, `WORKER_OUT_OF_MEMORY`, `STORAGE_UNAVAILABLE`, `DEPENDENCY_MISSING`
 * - **look at the study's files**: `JOURNAL_DAMAGED`, `JOURNAL_NEWER`, `STUDY_MISMATCH`, `STUDY_EXISTS`, `STUDY_LOCKED`,
 *   `STUDY_NOT_FOUND`
 * - **ask for something else**: `NO_RESULT`
 * - **correct the plug-in**: `PLUGIN_FAULT` (a searcher, scheduler or stopper broke its contract)
 */
export type TuneErrorCode = (typeof codes)[number]

/** The one error that tunewright throws: its message says what happened, with which value, and what to do. */
export class TuneError extends Error {
  /** Tells it from other errors in what is printed. */
  override readonly name = 'TuneError'
  /** What the error is about; stable across releases, so that code may branch on it. */
  readonly code: TuneErrorCode

  constructor(code: TuneErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.code = code
  }
}

/** An error as plain JSON: what the journal keeps and what crosses a thread. */
export interface ErrorRecord {
  /** The error's class, such as `TypeError`. */
  readonly name: string
  /** What it says. */
  readonly message: string
  /** The code of a `TuneError`, or of a system error (`ENOENT`), where it has one. */
  readonly code?: string
  /** Where it was thrown, as V8 writes it. */
  readonly stack?: string
}

/** Makes a plain record of whatever was thrown; never throws itself. */
export function toErrorRecord(thrown: unknown): ErrorRecord {
  try {
    if (thrown instanceof Error || (typeof thrown === 'object' && thrown !== null && 'message' in thrown)) {
      const { name, message, stack, code } = thrown as {
        name?: unknown
        message: unknown
        stack?: unknown
        code?: unknown
      }
      return {
        name: typeof name === 'string' ? name : 'Error',
        message: String(message),
        ...(typeof code === 'string' && { code }),
        ...(typeof stack === 'string' && { stack }),
      }
    }
    return { name: 'Error', message: typeof thrown === 'string' ? thrown : `thrown value: ${String(thrown)}` }
  } catch {
    return { name: 'Error', message: 'a value was thrown that cannot be read' }
  }
}

/** Rebuilds an error from its record: a {@link TuneError} where the code is one of ours. */
export function fromErrorRecord(record: ErrorRecord): Error {
  const { code, message, stack, name } = record
  const error = isTuneErrorCode(code)
    ? new TuneError(code, message)
    : Object.assign(new Error(message), { name }, code !== undefined && { code })
  if (stack !== undefined) error.stack = stack
  return error
}

function isTuneErrorCode(code: string | undefined): code is TuneErrorCode {
  return codes.some(known => known === code)
}

/** Renders a value for an error message: short, one line, never throws. */
export function show(value: unknown): string {
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value === 'function') return `function ${value.name || '(anonymous)'}`
  if (typeof value === 'number' || value === undefined) return String(value)
  let text: string | undefined
  try {
    text = JSON.stringify(value)
  } catch {
    text = undefined
  }
  text ??= Object.prototype.toString.call(value)
  return text.length > 80 ? `${text.slice(0, 77)}…` : text
}
