import { readdirSync, rmSync } from 'node:fs'
import { mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { TuneError } from '../errors.js'
import { decodeJson, encodeJson, type JsonObject } from '../json.js'
import type { CheckpointRecord, ReportTiming } from '../trial.js'
import type { SaveCheckpoint } from './trainable.js'

/** A report that a checkpoint carries along, because it may not have been committed yet when the checkpoint was written. */
export interface CarriedReport {
  readonly iteration: number
  readonly metrics: JsonObject
  readonly timing: ReportTiming
}

/** What the engine writes beside the trainable's own files. */
export interface CheckpointManifest {
  readonly format: 1
  readonly iteration: number
  /** The last reports up to `iteration`, oldest first. */
  readonly reports: readonly CarriedReport[]
}

const manifestFile = '.tunewright.json'

/** The directory name of a trial's checkpoint. */
export function checkpointName(iteration: number): string {
  return `checkpoint_${String(iteration).padStart(6, '0')}`
}

/**
 * Lets a trainable write its state into a temporary directory and moves that into place: a checkpoint is there whole or not at all.
 *
 * @throws `TuneError` `CHECKPOINT_FAILED` if the trainable's callback or the disk fails; the directory before it stays as it was
 */
export async function writeCheckpoint(
  trialDirectory: string,
  save: SaveCheckpoint,
  manifest: CheckpointManifest,
): Promise<CheckpointRecord> {
  const name = checkpointName(manifest.iteration)
  const target = join(trialDirectory, name)
  const draft = join(trialDirectory, `.${name}.draft`)
  try {
    await rm(draft, { recursive: true, force: true })
    await mkdir(draft, { recursive: true })
    await save(draft)
    await writeFile(join(draft, manifestFile), encodeJson(manifest as unknown as JsonObject))
    await syncTree(draft)
    // one from an earlier start of the same trial may stand there: it held the same state
    await rm(target, { recursive: true, force: true })
    await rename(draft, target)
    await syncDirectory(trialDirectory)
  } catch (error) {
    throw new TuneError(
      'CHECKPOINT_FAILED',
      `the checkpoint ${target} could not be written: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    )
  }
  return { name, iteration: manifest.iteration }
}

/**
 * Reads what the engine wrote beside a checkpoint.
 *
 * @throws `TuneError` `CHECKPOINT_FAILED` if it is missing or damaged
 */
export async function readManifest(directory: string): Promise<CheckpointManifest> {
  try {
    const manifest = decodeJson(await readFile(join(directory, manifestFile), 'utf8'))
    if (isManifest(manifest)) return manifest
    throw new Error(`${manifestFile} holds something else`)
  } catch (error) {
    throw new TuneError(
      'CHECKPOINT_FAILED',
      `the checkpoint ${directory} can't be read: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    )
  }
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
    if (!/^\.?checkpoint_\d+(\.draft)?$/.test(name) || kept.includes(name)) continue
    rmSync(join(trialDirectory, name), { recursive: true, force: true })
  }
}

function isManifest(value: unknown): value is CheckpointManifest {
  return (
    typeof value === 'object' &&
    value !== null &&
    'format' in value &&
    value.format === 1 &&
    'iteration' in value &&
    typeof value.iteration === 'number' &&
    'reports' in value &&
    Array.isArray(value.reports)
  )
}

async function syncTree(directory: string): Promise<void> {
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name)
    if (entry.isDirectory()) await syncTree(path)
    else if (entry.isFile()) await syncFile(path, 'r+')
  }
  await syncDirectory(directory)
}

async function syncFile(path: string, flags: string): Promise<void> {
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
  await syncFile(path, 'r')
}
