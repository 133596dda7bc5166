import { join } from 'node:path'
import { peersFolder } from './environment.js'
import type { PeerCommand } from './peer.js'

/** The script and the arguments of each peer, by the name that the benchmark gives it. */
const scripts: Readonly<Record<string, readonly [script: string, ...args: string[]]>> = {
  'optuna-tpe': ['optuna_peer.py', 'tpe'],
  'optuna-gp': ['optuna_peer.py', 'gp'],
  'optuna-cma-es': ['optuna_peer.py', 'cma-es'],
  pyswarms: ['pyswarms_peer.py'],
}

/** The names of all peers. */
export const peerNames: readonly string[] = Object.keys(scripts)

/** How a peer is started. @param python - the interpreter's path */
export function peerCommand(name: string, python: string): PeerCommand {
  const [script, ...args] = scripts[name] ?? []
  if (script === undefined) throw new Error(`there is no peer ${name}; name some of ${peerNames.join(', ')}`)
  return { name, command: python, args: [join(peersFolder, script), ...args] }
}
