import { existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { readJournal } from '../src/index.js'

const newline = 0x0a

/** The whole lines of a study's journal, as bytes; none if there is no journal. */
export function wholeLines(path: string): Buffer {
  const file = join(path, 'journal.jsonl')
  if (!existsSync(file)) return Buffer.alloc(0)
  const entries = readJournal(file)
  for (;;) {
    const next = entries.next()
    if (next.done) return readFileSync(file).subarray(0, next.value.bytes)
  }
}

/** Cuts bytes off a study's journal and puts others behind what is left; its header stays. */
export function tear(path: string, { cut, garbage }: { readonly cut: number; readonly garbage: string }): void {
  const file = join(path, 'journal.jsonl')
  if (!existsSync(file)) return
  const data = readFileSync(file)
  const header = data.indexOf(newline) + 1
  let size = Math.min(data.length, Math.max(header, data.length - cut))
  // a whole line that has lost its newline and is followed by something is damage, not a torn end
  const rest = data.subarray(data.lastIndexOf(newline, size - 1) + 1, size).toString('latin1')
  if (/,"crc":"[0-9a-f]{8}"\}$/.test(rest)) size -= 1
  truncateSync(file, Math.min(data.length, size))
  writeFileSync(file, garbage, { flag: 'a' })
}

/** How many lines of what was on disk a later journal does not have at the same place. */
export function countLost(before: Buffer, after: Buffer): number {
  if (after.subarray(0, before.length).equals(before)) return 0
  const lines = (data: Buffer) => data.toString('latin1').split('\n').slice(0, -1)
  const later = lines(after)
  return lines(before).filter((line, n) => later[n] !== line).length
}

/** What a study has left behind that nobody needs: drafts, locks, and checkpoints that are not whole or that its journal doesn't know. */
export function findLeftovers(path: string): string[] {
  const kept = new Map<string, Set<string>>()
  const folders: string[] = []
  const of = (trial: number) => kept.get(folders[trial] ?? '') ?? new Set<string>()
  for (const { event } of readJournal(join(path, 'journal.jsonl'))) {
    if (event.event === 'trial') {
      folders.push(event.directory)
      kept.set(event.directory, new Set())
    } else if ((event.event === 'report' || event.event === 'checkpoint') && event.checkpoint)
      of(event.trial).add(event.checkpoint.name)
    else if (event.event === 'prune') for (const name of event.checkpoints) of(event.trial).delete(name)
  }
  const left: string[] = []
  for (const entry of readdirSync(path, { withFileTypes: true, recursive: true })) {
    const name = relative(path, join(entry.parentPath, entry.name))
    const [folder = '', checkpoint = '', ...inside] = name.split('/')
    const isDraft = /(^|\/)\.|\.(draft|tmp|old)$|\.lock/.test(name.replace('/.tunewright.json', ''))
    const isUnknown =
      inside.length === 0 && checkpoint.startsWith('checkpoint_') && kept.get(folder)?.has(checkpoint) !== true
    if (isDraft || isUnknown) left.push(name)
  }
  for (const [folder, names] of kept) {
    for (const name of names) {
      const files = ['state.json', 'weights', '.tunewright.json'].map(file => join(path, folder, name, file))
      if (files.some(file => !existsSync(file))) left.push(`${folder}/${name} (not whole)`)
    }
  }
  return left
}
