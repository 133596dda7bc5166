/// <reference lib="dom" />
import type { ChartOption } from '../../plots/core/option.js'
import type { Plot } from '../../plots/core/plot.js'
import { plotThemes } from '../../plots/core/theme.js'
import { beginChart, type Chart, drawNow, type Pointed } from './chart-library.js'
import { button, fill, make } from './dom.js'
import { captionOf, type Interaction, withInteraction } from './interaction.js'
import type { StudyModel } from './study-model.js'
import type { Theme } from './theme.js'
import { trialOf } from './tooltip.js'

/** What a chart is drawn in. */
export interface ChartContext {
  readonly model: StudyModel
  readonly theme: Theme
  /** Told of a trial whose point was clicked. */
  readonly openTrial: (index: number) => void
}

/** A chart with a heading of its own. */
export interface ChartSpec {
  readonly id: string
  readonly title: string
  /** One sentence on how to read it. */
  readonly about?: string
  /** @defaultValue 360 */
  readonly height?: number
  readonly interaction: Interaction
  /** What is drawn; asked for again when the reader has chosen otherwise. */
  readonly build: () => Plot
  /** What the reader can choose. */
  readonly controls?: readonly HTMLElement[]
  /** Something of its own to do with the chart once it is drawn. */
  readonly onDrawn?: (chart: Chart) => void
  readonly level?: 3 | 4
  readonly class?: string
}

/** How wide charts are on paper (A4 with its margins), in pixels: the page can't be measured before it is printed. */
const printWidths = { wide: 648, half: 298, panel: 204 } as const

function printWidthOf({ class: name = '' }: ChartSpec): number {
  if (name.includes('panel')) return printWidths.panel
  return name.includes('half') ? printWidths.half : printWidths.wide
}

/** Whether the page is being laid out for paper. */
let isPrinting = false

const cards = new Set<ChartCard>()
const seen = new IntersectionObserver(
  entries => {
    for (const { isIntersecting, target } of entries)
      if (isIntersecting) for (const card of cards) if (card.holds(target)) card.show()
  },
  { rootMargin: '300px' },
)
const sized = new ResizeObserver(entries => {
  for (const { target } of entries) for (const card of cards) if (card.holds(target)) card.resize()
})

/** A figure with a chart that is drawn when it comes into sight. */
export class ChartCard {
  readonly root: HTMLElement
  readonly #spec: ChartSpec
  readonly #context: ChartContext
  readonly #place = make('div', { class: 'canvas', role: 'img' })
  readonly #caption = make('figcaption', { class: 'faint' })
  readonly #reset: HTMLButtonElement
  readonly #zoom: HTMLButtonElement | undefined
  #chart: Chart | undefined
  #plot: Plot | undefined
  #option: ChartOption | undefined
  #isShown = false
  #width = 0
  #isZoomed = false
  #drawsBox = matchMedia('(pointer: fine)').matches

  constructor(spec: ChartSpec, context: ChartContext) {
    this.#spec = spec
    this.#context = context
    const { id, title, about, level = 3, interaction } = spec
    this.#reset = button('Reset zoom', () => this.#resetZoom(), { class: 'quiet small', hidden: true })
    if (interaction.zoom !== 'none')
      this.#zoom = button('Zoom', () => this.#setBox(!this.#drawsBox), {
        class: 'quiet small',
        'aria-pressed': 'false',
        title: 'Draw a box to zoom in; Ctrl and the wheel zoom too',
      })
    const heading = make(level === 3 ? 'h3' : 'h4', { id: `${id}-title` }, title)
    const tools = make('div', { class: 'tools' }, ...(spec.controls ?? []), this.#reset, this.#zoom)
    this.#place.setAttribute('aria-label', about === undefined ? title : `${title}. ${about}`)
    this.#place.dataset.height = String(spec.height ?? 360)
    this.root = make(
      'figure',
      { class: `card chart ${spec.class ?? ''}`, id, 'aria-labelledby': `${id}-title` },
      make('header', {}, make('div', {}, heading, about !== undefined && make('p', { class: 'faint' }, about)), tools),
      this.#place,
      this.#caption,
    )
    this.#place.style.height = `${spec.height ?? 360}px`
    cards.add(this)
    seen.observe(this.#place)
    sized.observe(this.#place)
  }

  holds(element: Element): boolean {
    return element === this.#place
  }

  /** Draws it, if that was not done yet. */
  show(): void {
    if (this.#isShown) return
    this.#isShown = true
    this.#draw()
  }

  resize(): void {
    if (this.#isShown && this.#place.clientWidth !== this.#width && this.#place.clientWidth > 0) this.#draw()
  }

  /** Draws it anew, with other data or in other colours. */
  redraw(isChanged = true): void {
    if (isChanged) this.#plot = undefined
    if (this.#isShown) this.#draw()
  }

  /** Draws it as wide as paper is, in light colours and finely. */
  print(): void {
    if (!this.#place.isConnected || this.root.closest('[hidden]') !== null) return
    this.#isShown = true
    this.#draw()
  }

  /** Takes it off the page for good. */
  dispose(): void {
    cards.delete(this)
    seen.unobserve(this.#place)
    sized.unobserve(this.#place)
    this.#chart?.dispose()
  }

  #draw(): void {
    const width = isPrinting ? printWidthOf(this.#spec) : this.#place.clientWidth
    if (width < 80) return
    const size = { width, height: this.#spec.height ?? 360 }
    this.#chart?.dispose()
    this.#width = width
    try {
      this.#plot ??= this.#spec.build()
      const drawn = this.#plot.optionFor(size)
      this.#caption.textContent = captionOf(drawn)
      this.#option = withInteraction(drawn, this.#spec.interaction, this.#context.model)
    } catch (error) {
      this.#chart = undefined
      fill(this.#place, make('p', { class: 'missing' }, error instanceof Error ? error.message : String(error)))
      return
    }
    const theme = isPrinting ? 'light' : this.#context.theme.current
    this.#place.replaceChildren()
    this.#chart = beginChart(this.#place, plotThemes[theme], size, isPrinting ? 2 : undefined)
    drawNow(this.#chart, this.#option)
    this.#listen(this.#chart)
    this.#isZoomed = false
    this.#reset.hidden = true
    this.#setBox(this.#drawsBox)
    this.#spec.onDrawn?.(this.#chart)
  }

  #listen(chart: Chart): void {
    chart.on('click', pointed => {
      const trial = trialOf(pointed as unknown as Pointed)
      if (trial !== undefined) this.#context.openTrial(trial)
    })
    chart.on('datazoom', () => {
      if (this.#isZoomed) return
      this.#isZoomed = true
      this.#reset.hidden = false
      // labels that were chosen for the whole would leave a part of it bare
      chart.setOption(this.#freeTicks())
    })
    chart.getZr().on('dblclick', () => this.#resetZoom())
  }

  #resetZoom(): void {
    this.#draw()
  }

  #setBox(isOn: boolean): void {
    if (this.#zoom === undefined) return
    this.#drawsBox = isOn
    this.#zoom.setAttribute('aria-pressed', String(isOn))
    this.#chart?.dispatchAction({ type: 'takeGlobalCursor', key: 'dataZoomSelect', dataZoomSelectActive: isOn })
  }

  /** Leaves it to the library which ticks have labels. */
  #freeTicks(): ChartOption {
    const free = {
      axisTick: { customValues: null },
      axisLabel: { customValues: null, showMinLabel: false, showMaxLabel: false },
    }
    const axes = (given: unknown) => (Array.isArray(given) ? given : [given]).map(() => free)
    return { xAxis: axes(this.#option?.xAxis), yAxis: axes(this.#option?.yAxis) } as unknown as ChartOption
  }
}

/** Keeps all charts in the page's colours, and draws them anew for paper. */
export function followTheme(theme: Theme): void {
  theme.onChange(() => {
    for (const card of cards) card.redraw(false)
  })
  addEventListener('beforeprint', () => {
    isPrinting = true
    for (const card of cards) card.print()
  })
  addEventListener('afterprint', () => {
    isPrinting = false
    for (const card of cards) card.redraw(false)
  })
}
