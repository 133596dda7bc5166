import type { FileFailure } from '../file-failures.js'
import type { FileOperation } from './file-sink.js'

/** What the writer thread is asked. */
export type WriterRequest =
  | { readonly type: 'batch'; readonly operations: readonly FileOperation[] }
  | { readonly type: 'flush' }

/** What the writer thread answers. */
export type WriterReply =
  | { readonly type: 'failures'; readonly failures: readonly FileFailure[] }
  /** All batches before the request are done. */
  | { readonly type: 'flushed' }
