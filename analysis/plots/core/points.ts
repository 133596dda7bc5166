import type { ScatterSeriesOption } from 'echarts'

/** Points of one kind. */
export interface Cloud {
  readonly name: string
  /** Rows of numbers, one for each of {@link Cloud.columns}; the first two are where the point is. */
  readonly rows: readonly (readonly (number | string)[])[]
  /** What the columns are called when a point is pointed at. */
  readonly columns: readonly string[]
  readonly symbol: string
  readonly color?: string
  /** In pixels. @defaultValue by the number of points */
  readonly symbolSize?: number
  readonly opacity?: number
}

/** From how many points on a cloud is drawn as one shape. */
const many = 2000

/** Draws points; thousands as one shape of small ones. */
export function cloudSeries(cloud: Cloud): ScatterSeriesOption {
  const { name, rows, columns, symbol, color } = cloud
  const isLarge = rows.length > many
  const size = cloud.symbolSize ?? (isLarge ? 3 : rows.length > 500 ? 5 : 7)
  return {
    type: 'scatter',
    name,
    dimensions: columns.map(column => ({ name: column })),
    encode: { x: 0, y: 1, tooltip: columns.map((_, index) => index) },
    data: rows.map(row => [...row]),
    // shapes of one's own can't be drawn as one
    symbol: isLarge ? 'rect' : symbol,
    symbolSize: size,
    itemStyle: { ...(color !== undefined && { color }), opacity: cloud.opacity ?? (rows.length > 500 ? 0.55 : 0.85) },
    ...(isLarge && { large: true, largeThreshold: many }),
    z: 3,
  }
}
