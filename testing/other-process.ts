import { fork } from 'node:child_process'
import type { JsonObject } from '../src/json.js'
import type { Suggestion } from '../src/searcher.js'
import type { SearchEvent, SearchPlan } from './search-drill.js'

/** Where another process finds the searcher. */
export interface ImportableSearcher {
  /** The URL of a module, such as `new URL('./my-searcher.js', import.meta.url)`. A module in TypeScript needs tsx. */
  readonly module: string | URL
  /** The name of its export: the searcher's class, or a function that makes one. */
  readonly exportName: string
  /** What the class or function is given. @defaultValue {} */
  readonly options?: JsonObject
}

/** A study that was cut off, to be gone on with by another process. */
export interface CutStudy {
  readonly searcher: ImportableSearcher
  /** The name of its space among the kinds of spaces. */
  readonly kind: string
  readonly plan: Omit<SearchPlan, 'space' | 'outcome'>
  readonly events: readonly SearchEvent[]
}

/** What it answers. */
export type Answer =
  | { readonly type: 'suggestions'; readonly suggestions: readonly Suggestion[] }
  | { readonly type: 'failure'; readonly message: string }

/** Has another process, of another time zone and locale, replay each study and make its next suggestion. */
export async function suggestElsewhere(studies: readonly CutStudy[]): Promise<readonly Suggestion[]> {
  const job = studies.map(study => ({
    ...study,
    searcher: { ...study.searcher, module: String(study.searcher.module) },
  }))
  const own = new URL(
    import.meta.url.endsWith('.ts') ? './other-process-main.ts' : './other-process-main.js',
    import.meta.url,
  )
  const modules = [own.pathname, ...job.map(({ searcher }) => searcher.module)]
  const child = fork(own, {
    execArgv: modules.some(path => /\.[cm]?tsx?$/.test(path)) ? ['--import', 'tsx'] : [],
    env: { ...process.env, TZ: 'Pacific/Chatham', LC_ALL: 'tr_TR.UTF-8' },
    // keeps NaN, infinities and negative zero
    serialization: 'advanced',
  })
  const answer = await new Promise<Answer>((resolve, reject) => {
    child.once('message', resolve as (message: unknown) => void)
    child.once('error', reject)
    child.once('exit', code => reject(new Error(`the other process ended with code ${code} and no answer`)))
    child.send(job)
  })
  child.disconnect()
  if (answer.type === 'suggestions') return answer.suggestions
  throw new Error(`the other process could not suggest: ${answer.message}`)
}
