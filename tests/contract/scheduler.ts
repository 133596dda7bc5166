export * from '../../testing/drill-study.js'
export * from '../../testing/scheduler.js'
