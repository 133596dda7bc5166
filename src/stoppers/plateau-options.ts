import { OptionChecks } from '../option-checks.js'
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

/** Checks the options of one stopper. */
export class PlateauChecks extends OptionChecks {
  /** Checks what both stoppers share. */
  plateau({ metric, mode, std }: PlateauOptions): void {
    if (metric !== undefined) this.name('metric', metric, 'the name of a metric, or leave it out')
    if (mode !== undefined) this.word('mode', mode, ['min', 'max'])
    this.number('std', std, { above: 0 })
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
}
