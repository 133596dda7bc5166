export { type BarChartOptions, type BarSeries, barChart } from './charts/bar-chart.js'
export { type HeatmapData, type HeatmapOptions, heatmap } from './charts/heatmap.js'
export { type HistogramOptions, type HistogramSeries, histogram } from './charts/histogram.js'
export { type ImageGridOptions, type ImagePlane, imageGrid } from './charts/image-grid.js'
export { type LineChartOptions, type LineSeries, lineChart } from './charts/line-chart.js'
export { type ScatterChartOptions, type ScatterSeries, scatterChart } from './charts/scatter-chart.js'
export type { AxisOptions, Scale } from './core/axis.js'
export type { LineForm } from './core/curves.js'
export type { ChartOption, ChartOptions, PlotSize } from './core/option.js'
export { Plot, type PlotSizeOptions, type PngOptions, type RenderOptions } from './core/plot.js'
export { type PlotTheme, plotThemes } from './core/theme.js'
export { withTickLabels } from './core/tick-labels.js'
export {
  type BestSoFarAxis,
  type BestSoFarOptions,
  plotBestSoFar,
  plotStrategyCurves,
  type StrategyCurve,
} from './study/best-so-far.js'
export { type ContourOptions, plotContour } from './study/contour.js'
export { type CriticalDifferenceData, plotCriticalDifference } from './study/critical-difference.js'
export { type DistributionOptions, plotDistribution } from './study/distribution.js'
export { type ImportancesOptions, type PlotImportance, plotImportances } from './study/importances.js'
export { type LearningCurvesOptions, plotLearningCurves } from './study/learning-curves.js'
export { type LineageOptions, plotLineage } from './study/lineage.js'
export { type OptimizationHistoryOptions, plotOptimizationHistory } from './study/optimization-history.js'
export { type ParallelCoordinatesOptions, plotParallelCoordinates } from './study/parallel-coordinates.js'
export type { ParameterOptions } from './study/parameters.js'
export { type ParetoFrontOptions, plotParetoFront } from './study/pareto-front.js'
export { plotRungs, type RungRow, rungTable } from './study/rungs.js'
export { plotSlices, type SlicesOptions } from './study/slices.js'
export type { MetricOptions, PlotSource, PlotTrial, PlotView } from './study/source.js'
export { plotTimeline, type TimelineRun, timelineOf } from './study/timeline.js'
