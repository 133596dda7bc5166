import { spawnSync } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { repository } from '../problems/repository.js'

const packages = ['optuna', 'torch', 'scipy']
/** A peer each needs these; it is left out if they can't be had. */
const optional = ['cmaes', 'pyswarms']

/** Names a Python interpreter that has the peers' packages, so that none are installed. */
export const interpreterVariable = 'TUNEWRIGHT_PEERS_PYTHON'

/** The folder of the peers' sources. */
export const peersFolder = join(repository, 'benchmarks', 'peers')

/**
 * Finds the peers' Python; without one it makes a virtual environment beside their sources and installs what they need.
 *
 * @returns the interpreter's path
 * @throws `Error` saying what failed and what to do instead
 */
export function findPython(tell: (text: string) => void): string {
  const named = process.env[interpreterVariable]
  if (named) return named
  const environment = join(peersFolder, '.venv')
  const python = join(environment, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python')
  if (existsSync(join(environment, 'pyvenv.cfg')) && existsSync(python)) return python
  tell(`making ${environment} and installing ${packages.join(', ')} (about 1 GB, some minutes)`)
  try {
    run('python3', ['-m', 'venv', environment])
    const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check']
    run(python, [...install, ...packages])
    for (const name of optional) {
      const { status } = spawnSync(python, [...install, name], { stdio: 'ignore' })
      if (status !== 0) tell(`${name} could not be installed: the peer that needs it is left out`)
    }
  } catch (error) {
    // half an environment would be taken for a whole one
    rmSync(environment, { recursive: true, force: true })
    throw new Error(
      `the peers' Python environment could not be made: ${error instanceof Error ? error.message : String(error)}\n` +
        `Install ${[...packages, ...optional].join(', ')} where you like and name that interpreter in ${interpreterVariable}, or leave --peers out.`,
    )
  }
  return python
}

function run(command: string, args: readonly string[]): void {
  const { status, error, stderr } = spawnSync(command, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
  })
  if (status !== 0) {
    throw new Error(`\`${[command, ...args].join(' ')}\` failed: ${error?.message ?? stderr.trim().slice(-800)}`)
  }
}
