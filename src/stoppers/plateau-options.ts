import { show, TuneError } from '../errors.js'
import type { Mode, Objective } from '../trial.js'

/** What both plateau stoppers are told. */
export interface PlateauOptions {
  /** The metric to watch; a nested one as `a/b`. By default the study's. */
  readonly metric?: string
  /** Whether larger or smaller values are better. By default the study's mode, if it is the study's metric. */
  readonly mode?: Mode
  /** The standard deviation, in units of the metric. */
  readonly std: number
}

/** Checks the options of one stopper; what it throws is a `TuneError` `INVALID_OPTION` that names the stopper. */
export class PlateauChecks {
  readonly #owner: string

  constructor(owner: string) {
    this.#owner = owner
  }

  /** Refuses options of any other name. */
  knows(options: object, known: readonly string[]): void {
    for (const key in options) {
      if (!known.includes(key)) throw this.error(`there is no option '${key}'; the options are ${known.join(', ')}`)
    }
  }

  /** Refuses the value of an option unless a condition holds. @param remedy - what to make it instead */
  that(holds: boolean, option: string, value: unknown, remedy: string): void {
    if (!holds) throw this.error(`${option} is ${show(value)}; make it ${remedy}`)
  }

  /** Refuses a count unless it is a whole number from `least` on. */
  count(option: string, value: number, least: number): void {
    this.that(Number.isSafeInteger(value) && value >= least, option, value, `a whole number from ${least}`)
  }

  /** Checks what both stoppers share. */
  plateau({ metric, mode, std }: PlateauOptions): void {
    this.that(metric === undefined || isName(metric), 'metric', metric, 'the name of a metric, or leave it out')
    this.that(mode === undefined || mode === 'min' || mode === 'max', 'mode', mode, "'min' or 'max', or leave it out")
    this.that(Number.isFinite(std) && std > 0, 'std', std, 'a positive number')
  }

  /** The metric to watch and, where it is known, its mode: as given, else the study's. */
  watched(
    given: Pick<PlateauOptions, 'metric' | 'mode'>,
    objectives: readonly Objective[],
  ): { readonly metric: string; readonly mode: Mode | undefined } {
    const metric = given.metric ?? (objectives.length === 1 ? objectives[0]?.metric : undefined)
    if (metric === undefined) throw this.error('it has no metric to watch; give it one, or the study exactly one')
    return { metric, mode: given.mode ?? objectives.find(objective => objective.metric === metric)?.mode }
  }

  /** What a stopper throws that is used before `setUp` without a metric of its own. */
  notSetUp(): TuneError {
    return new TuneError('PLUGIN_FAULT', `${this.#owner} was used before setUp; call setUp once, before all else`)
  }

  error(what: string): TuneError {
    return new TuneError('INVALID_OPTION', `${this.#owner}: ${what}`)
  }
}

function isName(value: unknown): boolean {
  return typeof value === 'string' && value !== ''
}
