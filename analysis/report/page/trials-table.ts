/// <reference lib="dom" />
import { plural } from '../../../src/results/text.js'
import { button, choose, fill, make, section, trialLink } from './dom.js'
import { parseFilter, type Test } from './filter.js'
import { starOf, stateMark } from './state-mark.js'
import type { StudyModel } from './study-model.js'
import { type TrialColumn, trialColumns } from './trial-columns.js'

/** Shows just these trials in the table, and brings it into sight. */
export type TrialFilter = (trials: readonly number[]) => void

/** How many columns fit on paper; reasons stand with the decisions. */
const paperColumns = 13

const pageSizes = [25, 50, 100, 250]

/** All trials, a page at a time, to sort and to filter. */
export class TrialsTable {
  readonly root: HTMLElement
  readonly #model: StudyModel
  readonly #columns: readonly TrialColumn[]
  readonly #heads: HTMLTableCellElement[]
  readonly #body = make('tbody')
  readonly #status = make('p', { class: 'faint', role: 'status' })
  readonly #pages = make('nav', { class: 'pages', 'aria-label': 'Pages of the table' })
  readonly #filter: HTMLInputElement
  readonly #selection = make('span')
  readonly #texts: string[] = []
  #sortedBy: TrialColumn | undefined
  #isAscending = true
  #selected: ReadonlySet<number> | undefined
  #rows: number[] = []
  #fault: string | undefined
  #page = 0
  #pageSize = 50

  constructor(model: StudyModel) {
    this.#model = model
    this.#columns = trialColumns(model)
    this.#heads = this.#columns.map(column => this.#head(column))
    this.#filter = make('input', {
      type: 'search',
      id: 'filter',
      placeholder: this.#example(),
      autocomplete: 'off',
      spellcheck: 'false',
      'aria-describedby': 'filter-help',
      on: { input: () => this.#refresh() },
    })
    this.root = section(
      'trials',
      'Trials',
      make(
        'div',
        { class: 'controls' },
        make('label', { class: 'choice grow', for: 'filter' }, make('span', {}, 'Filter'), this.#filter),
        choose(
          'Rows',
          pageSizes.map(size => ({ value: String(size), text: String(size) })),
          String(this.#pageSize),
          size => {
            this.#pageSize = Number(size)
            this.#showPage(0)
          },
        ),
        this.#selection,
      ),
      make(
        'p',
        { class: 'faint', id: 'filter-help' },
        'Words are looked for everywhere; conditions are a column, one of < <= > >= = != ~ and a value. All have to hold.',
      ),
      this.#status,
      this.#columns.length > paperColumns &&
        make(
          'p',
          { class: 'faint paper-only' },
          `On paper: the first ${paperColumns} of ${this.#columns.length} columns.`,
        ),
      make(
        'div',
        { class: 'scroll card flush', tabindex: 0, role: 'region', 'aria-labelledby': 'trials-heading' },
        make('table', { class: 'trials' }, make('thead', {}, make('tr', {}, ...this.#heads)), this.#body),
      ),
      this.#pages,
    )
    const first = this.#columns.find(({ key }) => key === 'best') ?? this.#columns[0]
    if (first) this.#sortBy(first, first.isAscending)
  }

  /** Shows just these trials. */
  select(trials: readonly number[] | undefined): void {
    this.#selected = trials && new Set(trials)
    fill(
      this.#selection,
      trials !== undefined &&
        button(`${plural(trials.length, 'brushed trial')} ✕`, () => this.select(undefined), {
          class: 'quiet',
          'aria-label': 'Show all trials again',
        }),
    )
    this.#refresh()
  }

  #head(column: TrialColumn): HTMLTableCellElement {
    const sort = button(column.label, () =>
      this.#sortBy(column, this.#sortedBy === column ? !this.#isAscending : column.isAscending),
    )
    return make('th', { scope: 'col', class: this.#classOf(column), title: column.key }, sort)
  }

  #classOf(column: TrialColumn): string {
    const isOnPaper = column.key !== 'reason' && this.#columns.indexOf(column) < paperColumns
    return isOnPaper ? column.kind : `${column.kind} screen-only`
  }

  #example(): string {
    const { objective } = this.#model.data
    return objective === null
      ? 'state=failed'
      : `${/\s/.test(objective.metric) ? 'best' : objective.metric.slice(0, 24)}${objective.mode === 'min' ? '<' : '>'}0.5 state!=failed`
  }

  #sortBy(column: TrialColumn, isAscending: boolean): void {
    this.#sortedBy = column
    this.#isAscending = isAscending
    this.#heads.forEach((head, i) => {
      if (this.#columns[i] === column) head.setAttribute('aria-sort', isAscending ? 'ascending' : 'descending')
      else head.removeAttribute('aria-sort')
    })
    this.#refresh()
  }

  #refresh(): void {
    const filter = parseFilter(this.#filter.value, this.#columns, trial => this.#textOf(trial))
    const fault = 'fault' in filter ? filter.fault : undefined
    this.#filter.setAttribute('aria-invalid', String(fault !== undefined))
    const test: Test = 'test' in filter ? filter.test : () => true
    const { trials } = this.#model.data
    this.#rows = []
    for (let trial = 0; trial < trials.length; trial++)
      if ((this.#selected?.has(trial) ?? true) && test(trial)) this.#rows.push(trial)
    if (this.#sortedBy) sortRows(this.#rows, this.#sortedBy, this.#isAscending)
    this.#fault = fault
    this.#showPage(0)
  }

  #describe(): string {
    const { trials } = this.#model.data
    const [from, wanted] = [this.#page * this.#pageSize, this.#rows.length]
    const count = wanted === trials.length ? plural(wanted, 'trial') : `${wanted} of ${plural(trials.length, 'trial')}`
    const part = wanted > this.#pageSize ? `; ${from + 1} to ${Math.min(wanted, from + this.#pageSize)} are shown` : ''
    return `${count}, sorted by ${this.#sortedBy?.label ?? 'trial'}${part}.`
  }

  #showPage(page: number): void {
    const pages = Math.max(1, Math.ceil(this.#rows.length / this.#pageSize))
    this.#page = Math.max(0, Math.min(pages - 1, page))
    const from = this.#page * this.#pageSize
    this.#status.textContent = this.#fault ?? this.#describe()
    this.#body.replaceChildren(...this.#rows.slice(from, from + this.#pageSize).map(trial => this.#row(trial)))
    if (this.#rows.length === 0)
      this.#body.append(
        make('tr', {}, make('td', { colspan: this.#columns.length, class: 'missing' }, 'No trial fits.')),
      )
    const turn = (text: string, to: number, name: string) =>
      button(text, () => this.#showPage(to), {
        class: 'quiet',
        'aria-label': name,
        disabled: to < 0 || to >= pages || to === this.#page,
      })
    fill(
      this.#pages,
      ...(pages === 1
        ? []
        : [
            turn('⇤', 0, 'First page'),
            turn('← Previous', this.#page - 1, 'Previous page'),
            make(
              'span',
              {},
              `${from + 1}–${Math.min(this.#rows.length, from + this.#pageSize)} of ${this.#rows.length}`,
            ),
            turn('Next →', this.#page + 1, 'Next page'),
            turn('⇥', pages - 1, 'Last page'),
          ]),
    )
  }

  #row(trial: number): HTMLTableRowElement {
    const star = starOf(trial, this.#model)
    const cells = this.#columns.map((column, i) => {
      if (i === 0) return make('th', { scope: 'row', class: 'number' }, star, trialLink(trial, String(trial)))
      if (column.key === 'state') return make('td', {}, stateMark(this.#model.stateOf(trial)))
      const text = column.text(trial)
      return make('td', { class: this.#classOf(column), ...(text.length > 28 && { title: text }) }, text)
    })
    return make('tr', { ...(star && { class: 'best' }) }, ...cells)
  }

  #textOf(trial: number): string {
    const held = this.#texts[trial]
    if (held !== undefined) return held
    const { data, leaves } = this.#model
    const own = data.trials[trial]
    const config = [...(leaves[trial] ?? [])].map(
      ([path, value]) => `${path} ${typeof value === 'string' ? value : JSON.stringify(value)}`,
    )
    const text = [
      own?.id,
      own?.name,
      this.#model.stateOf(trial),
      own?.reason,
      own?.error?.name,
      own?.error?.message,
      ...config,
    ]
      .join('\n')
      .toLowerCase()
    this.#texts[trial] = text
    return text
  }
}

/** Sorts in place; trials without a value come last, equals by their numbers. */
function sortRows(rows: number[], { value, kind }: TrialColumn, isAscending: boolean): void {
  const sign = isAscending ? 1 : -1
  if (kind === 'number') {
    const keys = new Map(rows.map(row => [row, Number(value(row) ?? Number.NaN)]))
    rows.sort((a, b) => {
      const [x = Number.NaN, y = Number.NaN] = [keys.get(a), keys.get(b)]
      if (Number.isNaN(x) || Number.isNaN(y)) return Number(Number.isNaN(x)) - Number(Number.isNaN(y)) || a - b
      return sign * (x === y ? 0 : x - y) || a - b
    })
    return
  }
  const order = new Intl.Collator('en', { numeric: true })
  const keys = new Map(rows.map(row => [row, String(value(row) ?? '')]))
  rows.sort((a, b) => {
    const [x = '', y = ''] = [keys.get(a), keys.get(b)]
    if (x === '' || y === '') return Number(x === '') - Number(y === '') || a - b
    return sign * order.compare(x, y) || a - b
  })
}
