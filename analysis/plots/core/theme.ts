/** What a picture is drawn for. */
export type PlotTheme = 'light' | 'dark'

/** Colours that a theme brings; what stands in the options themselves is legible on both grounds. */
interface Ground {
  readonly background: string
  readonly text: string
  readonly faint: string
  readonly line: string
  readonly series: readonly string[]
}

/**
 * The colours of Okabe and Ito, told apart with every kind of colour blindness, in the same order of hues on both grounds; yellow is for the dark one
 * alone. Series differ by dash and marker too.
 */
const grounds: Readonly<Record<PlotTheme, Ground>> = {
  light: {
    background: '#ffffff',
    text: '#1f1f1f',
    faint: '#5a5a5a',
    line: '#dddddd',
    series: ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000', '#7f7f7f'],
  },
  dark: {
    background: '#17181c',
    text: '#ececec',
    faint: '#b0b0b0',
    line: '#3a3c42',
    series: ['#56b4e9', '#ea7a2b', '#1fbf92', '#d998bd', '#e69f00', '#f0e442', '#ffffff', '#9a9a9a'],
  },
}

/** How the lines of series differ, whatever their colour; in pixels of dash and gap. */
export const dashes: readonly ('solid' | number[])[] = [
  'solid',
  [8, 4],
  [2, 3],
  [10, 3, 2, 3],
  [5, 2],
  [14, 4],
  [6, 3, 2, 3, 2, 3],
  [1, 4],
]

/** For what is there to be compared with: legible on a light and on a dark ground. */
export const neutral = '#8a8a8a'

/** The best, and what is to be seen first: Okabe and Ito's vermilion. */
export const accent = '#d55e00'

/** What was tried and is not the best. */
export const ordinary = '#3b8fc4'

/** From low to high, even in lightness and for the colour-blind: cividis. */
export const sequential: readonly string[] = ['#00224e', '#35456c', '#666970', '#948e77', '#c8b866', '#fee838']

const fontFamily = 'Helvetica, Arial, DejaVu Sans, sans-serif'

function themeOf({ background, text, faint, line, series }: Ground) {
  const axis = {
    axisLine: { show: true, lineStyle: { color: faint } },
    axisTick: { show: true, lineStyle: { color: faint } },
    axisLabel: { color: text, fontSize: 12 },
    splitLine: { lineStyle: { color: line } },
    nameTextStyle: { color: text, fontSize: 13 },
  }
  const words = { textStyle: { color: text } }
  return {
    color: series,
    backgroundColor: background,
    textStyle: { color: text, fontFamily },
    title: { textStyle: { color: text }, subtextStyle: { color: faint } },
    legend: words,
    visualMap: words,
    categoryAxis: { ...axis, splitLine: { show: false } },
    valueAxis: axis,
    logAxis: axis,
    timeAxis: axis,
    parallelAxis: { ...axis, axisLabel: { ...axis.axisLabel, textBorderColor: background, textBorderWidth: 3 } },
    tooltip: { backgroundColor: background, borderColor: faint, textStyle: { color: text } },
    line: { symbolSize: 7 },
  }
}

/** The themes as echarts takes them: `echarts.init(element, plotThemes.dark).setOption(plot.option)`. */
export const plotThemes: Readonly<Record<PlotTheme, Readonly<Record<string, unknown>>>> = {
  light: themeOf(grounds.light),
  dark: themeOf(grounds.dark),
}

/** A place in a list that repeats. */
export function cycle<T>(list: readonly [T, ...T[]] | readonly T[], index: number): T {
  // lists that repeat are never empty
  return list[index % list.length] as T
}
