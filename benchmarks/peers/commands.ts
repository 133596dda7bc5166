import { join } from 'node:path'
import { peersFolder } from './environment.js'
import type { PeerCommand } from './peer.js'

/** The script and the arguments of each peer, by the name that the benchmark gives it. */
const scripts: Readonly<Record<string, readonly [script: string, ...args: string[]]>> = {
  'optuna-tpe': ['optuna_peer.py', 'tpe'],
  'optuna-gp': ['optuna_peer.py', 'gp'],
  'optuna-cma-es': ['optuna_peer.py', 'cma-es'],
  'optuna-nsga2': ['optuna_peer.py', 'nsga2'],
  pyswarms: ['pyswarms_peer.py'],
}

/** The names of the peers for a single objective. */
export const peerNames: readonly string[] = ['optuna-tpe', 'optuna-gp', 'optuna-cma-es', 'pyswarms']

/** The names of the peers for several objectives. */
export const frontPeerNames: readonly string[] = ['optuna-tpe', 'optuna-nsga2']

/** How a peer is started. @param python - the interpreter's path */
export function peerCommand(name: string, python: string): PeerCommand {
  const [script, ...args] = scripts[name] ?? []
  if (script === undefined) throw new Error(`there is no peer ${name}; name some of ${Object.keys(scripts).join(', ')}`)
  return { name, command: python, args: [join(peersFolder, script), ...args] }
}
