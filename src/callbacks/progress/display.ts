import { createLogUpdate } from 'log-update'

/** Where progress is written: `process.stderr`, or whatever else is like it. */
export type ProgressStream = NodeJS.WritableStream & {
  readonly isTTY?: boolean | undefined
  readonly columns?: number | undefined
  readonly rows?: number | undefined
}

/** A place for lines that stay and, on a terminal, a picture below them that is drawn anew. */
export interface Display {
  /** The room for the picture. */
  size(): { readonly width: number; readonly height: number }
  /** Replaces the picture. */
  draw(lines: readonly string[]): void
  /** Writes lines that stay. */
  print(lines: readonly string[]): void
  /** Removes the picture and gives the terminal back. */
  close(): void
}

/** A terminal: a picture that is drawn in place. */
export class TerminalDisplay implements Display {
  readonly #stream: ProgressStream
  readonly #update: ReturnType<typeof createLogUpdate>
  #isShown = false
  readonly #waiting: string[] = []

  constructor(stream: ProgressStream) {
    this.#stream = stream
    this.#update = createLogUpdate(stream)
  }

  size() {
    // the last column and line stay free: some terminals wrap or scroll when they are written to
    return { width: Math.max(1, (this.#stream.columns ?? 80) - 1), height: Math.max(1, (this.#stream.rows ?? 24) - 1) }
  }

  draw(lines: readonly string[]): void {
    if (this.#waiting.length > 0) {
      this.#update.clear()
      this.#write(this.#waiting.splice(0))
    }
    this.#update(lines.join('\n'))
    this.#isShown = true
  }

  /** Lines wait for the next picture while there is one, so that many of them cost no more drawing than one. */
  print(lines: readonly string[]): void {
    if (this.#isShown) this.#waiting.push(...lines)
    else this.#write(lines)
  }

  close(): void {
    if (!this.#isShown) return
    this.#isShown = false
    this.#update.clear()
    this.#update.done()
    if (this.#waiting.length > 0) this.#write(this.#waiting.splice(0))
  }

  #write(lines: readonly string[]): void {
    this.#stream.write(`${lines.join('\n')}\n`)
  }
}

/** Anything but a terminal: lines, one after the other. */
export class PlainDisplay implements Display {
  readonly #stream: ProgressStream

  constructor(stream: ProgressStream) {
    this.#stream = stream
  }

  size() {
    return { width: 120, height: Number.POSITIVE_INFINITY }
  }

  draw(): void {}

  print(lines: readonly string[]): void {
    this.#stream.write(`${lines.join('\n')}\n`)
  }

  close(): void {}
}
