import type { Searcher, Suggestion } from '../src/searcher.js'
import { Space } from '../src/space/index.js'
import type { Answer, CutStudy, ImportableSearcher } from './other-process.js'
import { SearchDrill } from './search-drill.js'
import { always } from './search-outcomes.js'
import { kindsOfSpaces } from './search-spaces.js'

process.once('message', (studies: readonly CutStudy[]) => {
  answer(studies).then(
    message => process.send?.(message),
    (error: unknown) =>
      process.send?.({ type: 'failure', message: error instanceof Error ? `${error.stack}` : `${error}` }),
  )
})

async function answer(studies: readonly CutStudy[]): Promise<Answer> {
  const suggestions: Suggestion[] = []
  for (const study of studies) suggestions.push(goOn(await create(study.searcher), study))
  return { type: 'suggestions', suggestions }
}

async function create({ module, exportName, options = {} }: ImportableSearcher): Promise<Searcher> {
  const exported: unknown = (await import(String(module)))[exportName]
  if (typeof exported !== 'function') throw new Error(`${module} exports no class or function '${exportName}'`)
  return isClass(exported) ? Reflect.construct(exported, [options]) : exported(options)
}

/** A class can't be called, and its prototype can't be set. */
function isClass(exported: object): boolean {
  return Object.getOwnPropertyDescriptor(exported, 'prototype')?.writable === false
}

function goOn(searcher: Searcher, { kind, plan, events }: CutStudy): Suggestion {
  const definition = kindsOfSpaces[kind]
  if (definition === undefined) throw new Error(`there is no kind of spaces called '${kind}'`)
  const outcome = always({ reports: [], end: 'completed' })
  return new SearchDrill(searcher, { ...plan, space: Space.of(definition), outcome }).replay(events).ask()
}
