/** Tags of the runs of a study and its trials. */
export const tags = {
  /** MLflow's own: the run that a run is nested in. */
  parent: 'mlflow.parentRunId',
  /** By which the run of a study is found again. */
  studyKey: 'tunewright.studyKey',
  /** By which a run is known to whoever made it. */
  creation: 'tunewright.creation',
  trialId: 'tunewright.trialId',
  trialIndex: 'tunewright.trialIndex',
  /** What trials share that are repeats of one suggestion. */
  suggestion: 'tunewright.suggestion',
  config: 'tunewright.config',
  origin: 'tunewright.tookOverFrom',
  reason: 'tunewright.reason',
  error: 'tunewright.error',
  bestTrial: 'tunewright.bestTrial',
} as const
