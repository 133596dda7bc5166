import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Rng } from '../../src/rng.js'
import { cifar10Classes, cifar10Format } from './cifar10.js'

const { side, colours, recordBytes, testFile, trainFiles } = cifar10Format

/**
 * Writes images that are no photographs in the format of CIFAR-10's official binary files, for trying a program out without the download: noise, and a
 * square whose place and colour go with the class.
 *
 * @param directory - is made if need be
 * @param options - `imagesPerFile`: an integer ≥ 1, of each of the five training files and the test file. `seed`: draws other noise
 */
export async function writeCifar10StandIn(
  directory: string,
  { imagesPerFile, seed }: { readonly imagesPerFile: number; readonly seed: number },
): Promise<void> {
  await mkdir(directory, { recursive: true })
  for (const file of [...trainFiles, testFile]) {
    const rng = Rng.from(seed).fork('cifar-10 stand-in', file)
    const bytes = new Uint8Array(imagesPerFile * recordBytes)
    for (let image = 0; image < imagesPerFile; image++) {
      bytes.set(drawRecord(image % cifar10Classes.length, rng), image * recordBytes)
    }
    await writeFile(join(directory, file), bytes)
  }
}

/** A label, and the red, green and blue pixels row by row. */
function drawRecord(label: number, rng: Rng): Uint8Array {
  const record = new Uint8Array(recordBytes)
  record[0] = label
  const [top, left] = [4 + 16 * (label % 2) + rng.integer(0, 4), 4 + 4 * (label % 5) + rng.integer(0, 4)]
  for (let colour = 0; colour < colours; colour++) {
    const brightness = label % 3 === colour ? 220 : 120
    for (let at = 0; at < side ** 2; at++) {
      const [row, column] = [Math.floor(at / side), at % side]
      const isInside = row >= top && row < top + 8 && column >= left && column < left + 8
      record[1 + colour * side ** 2 + at] = isInside ? brightness : rng.integer(40, 140)
    }
  }
  return record
}
