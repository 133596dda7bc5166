import { parentPort, workerData } from 'node:worker_threads'
import { FileWriter } from './file-writer.js'
import type { WriterReply, WriterRequest } from './writer-protocol.js'

// the entry of the thread that a ThreadFileSink starts: applies batches in turn, and counts those that are done where both can see
if (parentPort !== null) {
  const port = parentPort
  const done: Int32Array = workerData
  const writer = new FileWriter()
  const reply = (message: WriterReply) => port.postMessage(message)
  port.on('message', (request: WriterRequest) => {
    switch (request.type) {
      case 'batch': {
        const failures = writer.apply(request.operations)
        if (failures.length > 0) reply({ type: 'failures', failures })
        Atomics.add(done, 0, 1)
        Atomics.notify(done, 0)
        return
      }
      case 'flush':
        reply({ type: 'flushed' })
        return
      default:
        request satisfies never
    }
  })
}
