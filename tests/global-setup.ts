import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** Brings `dist` up to date, since worker threads start from compiled files; nothing happens where it already is. */
export default function setup(): void {
  const script = fileURLToPath(new URL('../scripts/build.js', import.meta.url))
  const { status } = spawnSync(process.execPath, [script], { stdio: ['ignore', 2, 2] })
  // tests of what does compile go on
  if (status !== 0)
    console.warn('dist could not be built: tests in worker threads run what was built last, if anything')
}
