import type { JsonObject } from '../json.js'
import type { Scheduler } from '../scheduler.js'
import type { Searcher } from '../searcher.js'
import type { Space } from '../space/space.js'
import type { Stopper } from '../stopper.js'
import type { Trial } from '../trial.js'

/** The strategies that a study is made of; each belongs to one study alone. */
export interface StudyParts {
  /** What configs there are. */
  readonly space: Space
  /** Proposes configs. */
  readonly searcher: Searcher
  /** Decides which trials go on. */
  readonly scheduler: Scheduler
  /** End trials or the study; the first that says so counts. */
  readonly stoppers: readonly Stopper[]
  /** Names trials and their folders; by default a trial is called by its id, and its folder `trial_00003`. */
  readonly naming?: TrialNaming
  /** Takes warnings of the searcher. */
  readonly onWarning?: (message: string) => void
  /** Takes what else the searcher has to say. */
  readonly onInfo?: (message: string) => void
}

/** How trials are named. */
export type TrialNaming = (trial: Pick<Trial, 'index' | 'id' | 'config'>) => {
  readonly name: string
  readonly directory: string
}

/** What to do with a free place. */
export type Ask<C = JsonObject> =
  | { readonly type: 'trial'; readonly trial: Trial<C> }
  /** A trial that was paused goes on. */
  | { readonly type: 'resume'; readonly trial: Trial<C> }
  /** Nothing for now: ask again after the next event. */
  | { readonly type: 'wait' }
  | { readonly type: 'finished' }
