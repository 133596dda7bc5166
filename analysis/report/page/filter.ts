import type { TrialColumn } from './trial-columns.js'

/** Whether a trial is wanted. */
export type Test = (trial: number) => boolean

/** What a filter's text means. */
export type Filter = { readonly test: Test } | { readonly fault: string }

const operators: Readonly<Record<string, (order: number) => boolean>> = {
  '<': order => order < 0,
  '<=': order => order <= 0,
  '>': order => order > 0,
  '>=': order => order >= 0,
  '=': order => order === 0,
  '==': order => order === 0,
  '!=': order => order !== 0,
}

/** A term: a quoted or bare name, an operator and a value; or a word. */
const termPattern = /("[^"]*"|[^\s"<>=!~]+)\s*(<=|>=|==|!=|<|>|=|~)\s*("[^"]*"|[^\s"]+)|"[^"]*"|\S+/g

/**
 * Reads a filter: terms that all have to hold, such as `loss<0.1 optimizer=adam reason~rung`. A term without an operator is looked for in all that is known
 * of a trial; `~` looks for a part of a text; names with blanks stand in quotation marks.
 *
 * @param columns - what conditions can be about
 * @param textOf - all that is known of a trial, in lower case
 */
export function parseFilter(text: string, columns: readonly TrialColumn[], textOf: (trial: number) => string): Filter {
  const tests: Test[] = []
  for (const [term, name, operator, value] of text.matchAll(termPattern)) {
    if (name === undefined || operator === undefined || value === undefined) {
      const wanted = unquote(term).toLowerCase()
      tests.push(trial => textOf(trial).includes(wanted))
      continue
    }
    const column = findColumn(columns, unquote(name))
    if (column === undefined)
      return {
        fault: `No column is called ${unquote(name)}. There are: ${columns.map(({ label }) => label).join(', ')}.`,
      }
    tests.push(conditionOn(column, operator, unquote(value)))
  }
  return { test: trial => tests.every(test => test(trial)) }
}

function findColumn(columns: readonly TrialColumn[], name: string): TrialColumn | undefined {
  const lower = name.toLowerCase()
  return (
    columns.find(({ key, label }) => key === name || label === name) ??
    columns.find(({ key, label }) => key.toLowerCase() === lower || label.toLowerCase() === lower)
  )
}

function conditionOn({ value: read }: TrialColumn, operator: string, wanted: string): Test {
  if (operator === '~') {
    const part = wanted.toLowerCase()
    return trial =>
      String(read(trial) ?? '')
        .toLowerCase()
        .includes(part)
  }
  const holds = operators[operator] ?? (() => false)
  const number = Number(wanted)
  const text = wanted.toLowerCase()
  return trial => {
    const value = read(trial)
    if (value === undefined || Number.isNaN(value)) return operator === '!='
    if (typeof value === 'number') return Number.isNaN(number) ? operator === '!=' : holds(value - number)
    const own = value.toLowerCase()
    return holds(own === text ? 0 : own < text ? -1 : 1)
  }
}

function unquote(text: string): string {
  return text.length > 1 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text
}
