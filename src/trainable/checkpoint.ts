import { readdirSync, rmSync } from 'node:fs'
import { type FileHandle, lstat, mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { RunningChecksum, seal, sealFault } from '../checksum.js'
import { TuneError } from '../errors.js'
import { assertJson, decodeJson, encodeJson, isPlainObject, type JsonObject } from '../json.js'
import type { CheckpointRecord, ReportTiming } from '../trial.js'
import type { SaveCheckpoint } from './trainable.js'

/** A report that a checkpoint carries along, because it may not have been committed yet when the checkpoint was written. */
export interface CarriedReport {
  /** The report's number in its trial, from 1. */
  readonly iteration: number
  /** What the trainable reported. */
  readonly metrics: JsonObject
  /** When it was made and how long it took. */
  readonly timing: ReportTiming
}

/** What the engine writes beside the trainable's own files. */
export interface CheckpointManifest {
  readonly format: 1
  readonly iteration: number
  /** The last reports up to `iteration`, oldest first. */
  readonly reports: readonly CarriedReport[]
}

/** The files of a checkpoint with their sizes and checksums, by which one that is not what it was is told. */
type FileList = readonly (readonly [path: string, bytes: number, crc: string])[]

const manifestFile = '.tunewright.json'
const chunkBytes = 1 << 18

/** The directory name of a trial's checkpoint. */
export function checkpointName(iteration: number): string {
  return `checkpoint_${String(iteration).padStart(6, '0')}`
}

/**
 * Lets a trainable write its state into a temporary directory and moves that into place: a checkpoint is there whole or not at all. One of
 * the same iteration that is whole already stays as it is, since other trials may be reading it: an earlier start of the trial has
 * made it, from the same state.
 *
 * @throws `TuneError` `CHECKPOINT_FAILED` if the trainable's callback or the disk fails; nothing is left of it then
 */
export async function writeCheckpoint(
  trialDirectory: string,
  save: SaveCheckpoint,
  manifest: CheckpointManifest,
): Promise<CheckpointRecord> {
  const { iteration } = manifest
  const name = checkpointName(iteration)
  const target = join(trialDirectory, name)
  const draft = join(trialDirectory, `.${name}.draft`)
  let files: FileList
  try {
    const there = await readWhole(target).catch(dismissDamage)
    if (there?.manifest.iteration === iteration) return { name, iteration, bytes: sizeOf(there.files) }
    await rm(draft, { recursive: true, force: true })
    await mkdir(draft, { recursive: true })
    await save(draft)
    // the engine's own name is not the trainable's to use
    await rm(join(draft, manifestFile), { recursive: true, force: true })
    files = await syncTree(draft)
    await writeFile(join(draft, manifestFile), seal(encodeJson({ ...manifest, files } as unknown as JsonObject)))
    await sync(join(draft, manifestFile), 'r+')
    await syncDirectory(draft)
    await rm(target, { recursive: true, force: true })
    await rename(draft, target)
    await syncDirectory(trialDirectory)
  } catch (error) {
    await rm(draft, { recursive: true, force: true }).catch(() => undefined)
    throw new TuneError('CHECKPOINT_FAILED', `the checkpoint ${target} could not be written: ${messageOf(error)}`, {
      cause: error,
    })
  }
  return { name, iteration, bytes: sizeOf(files) }
}

/**
 * Reads what the engine wrote beside a checkpoint, and looks whether all of its files are what they were.
 *
 * @throws `TuneError` `CHECKPOINT_FAILED` if it is missing or damaged
 */
export async function readManifest(directory: string): Promise<CheckpointManifest> {
  try {
    return (await readWhole(directory)).manifest
  } catch (error) {
    throw new TuneError('CHECKPOINT_FAILED', `the checkpoint ${directory} can't be read: ${messageOf(error)}`, {
      cause: error,
    })
  }
}

/** @throws an error of any kind if the checkpoint is missing or damaged */
async function readWhole(directory: string): Promise<{ manifest: CheckpointManifest; files: FileList }> {
  // reading a pipe or a device might never end
  await sizeOfFile(directory, manifestFile)
  const text = await readFile(join(directory, manifestFile))
  const fault = sealFault(text)
  if (fault !== undefined) throw new Error(`${manifestFile} is damaged: ${fault}`)
  const written: unknown = decodeJson(text.toString())
  if (!isManifest(written)) throw new Error(`${manifestFile} holds something else`)
  const { format, iteration, reports, files } = written
  for (const [path, bytes] of files) {
    const size = await sizeOfFile(directory, path)
    if (size !== bytes) throw new Error(`${path} has ${size} bytes, and had ${bytes}`)
  }
  for (const [path, , crc] of files) {
    const file = await open(join(directory, path), 'r')
    try {
      if ((await checksumOf(file)) !== crc) throw new Error(`${path} is not what it was: its checksum is not ${crc}`)
    } finally {
      await file.close()
    }
  }
  return { manifest: { format, iteration, reports }, files }
}

/** Passes over that a checkpoint is missing or damaged, and over nothing else: one that just can't be read now is not to be replaced. */
function dismissDamage(error: unknown): undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code !== undefined && code !== 'ENOENT' && code !== 'ENOTDIR' && code !== 'ELOOP') throw error
}

async function sizeOfFile(directory: string, path: string): Promise<number> {
  const found = await lstat(join(directory, path))
  if (!found.isFile()) throw new Error(`${path} is no file`)
  return found.size
}

/** How many bytes all files have together. */
function sizeOf(files: FileList): number {
  return files.reduce((sum, [, bytes]) => sum + bytes, 0)
}

/** Removes what a killed process left behind: drafts, and checkpoints that were never committed or no longer are. */
export function sweepCheckpoints(trialDirectory: string, kept: readonly string[]): void {
  let names: string[]
  try {
    names = readdirSync(trialDirectory)
  } catch {
    // the trial had not written anything
    return
  }
  for (const name of names) {
    if (isSurplus(name, kept)) rmSync(join(trialDirectory, name), { recursive: true, force: true })
  }
}

/** {@link sweepCheckpoints} for a trial that has ended while the study goes on. */
export async function discardCheckpoints(trialDirectory: string, kept: readonly string[]): Promise<void> {
  const names = await readdir(trialDirectory).catch(() => [])
  for (const name of names) {
    if (isSurplus(name, kept)) await rm(join(trialDirectory, name), { recursive: true, force: true })
  }
}

function isSurplus(name: string, kept: readonly string[]): boolean {
  return /^\.?checkpoint_\d+(\.draft)?$/.test(name) && !kept.includes(name)
}

function isManifest(value: unknown): value is CheckpointManifest & { readonly files: FileList } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'format' in value &&
    value.format === 1 &&
    'iteration' in value &&
    isCount(value.iteration) &&
    'reports' in value &&
    Array.isArray(value.reports) &&
    value.reports.every(isReport) &&
    // they are committed as the trial's next ones, up to the checkpoint
    value.reports.every((report, i, { length }) => report.iteration === Number(value.iteration) - length + 1 + i) &&
    'files' in value &&
    isFileList(value.files)
  )
}

function isReport(value: unknown): value is CarriedReport {
  if (!isPlainObject(value)) return false
  const { iteration, metrics, timing } = value
  if (!isCount(iteration) || iteration === 0 || !isPlainObject(metrics) || !isPlainObject(timing)) return false
  assertJson(metrics, 'CHECKPOINT_FAILED', `report ${iteration}`)
  return [timing.timestampMs, timing.timeThisIterS, timing.timeTotalS].every(time => typeof time === 'number')
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0
}

function isFileList(value: unknown): value is FileList {
  return (
    Array.isArray(value) &&
    value.every(entry => {
      if (!Array.isArray(entry)) return false
      const [path, bytes, crc]: readonly unknown[] = entry
      return typeof path === 'string' && isInside(path) && isCount(bytes) && typeof crc === 'string'
    })
  )
}

/** Whether a path leads to no other folder. */
function isInside(path: string): boolean {
  return !path.split('/').some(part => part === '' || part === '..' || part.includes('\0'))
}

/** Makes a directory and all that is in it durable; links are left alone. */
async function syncTree(directory: string, prefix = ''): Promise<FileList> {
  const files: (readonly [string, number, string])[] = []
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name)
    if (entry.isDirectory()) files.push(...(await syncTree(path, `${prefix}${entry.name}/`)))
    else if (entry.isFile()) files.push([`${prefix}${entry.name}`, ...(await syncFile(path))])
  }
  await syncDirectory(directory)
  return files
}

/** @returns the file's size in bytes, and its checksum */
async function syncFile(path: string): Promise<[bytes: number, crc: string]> {
  const file = await open(path, 'r+')
  try {
    await file.sync()
    return [(await file.stat()).size, await checksumOf(file)]
  } finally {
    await file.close()
  }
}

async function checksumOf(file: FileHandle): Promise<string> {
  const sum = new RunningChecksum()
  const chunk = Buffer.allocUnsafe(chunkBytes)
  for (let position = 0; ; ) {
    const { bytesRead } = await file.read(chunk, 0, chunkBytes, position)
    if (bytesRead === 0) return sum.toString()
    sum.add(chunk.subarray(0, bytesRead))
    position += bytesRead
  }
}

async function sync(path: string, flags: string): Promise<void> {
  const file = await open(path, flags)
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}

/** Makes a rename durable; some systems can't open a directory, and do without. */
async function syncDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return
  await sync(path, 'r')
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
