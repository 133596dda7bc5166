export { type ReportOptions, type ReportSource, writeReport } from './write-report.js'
