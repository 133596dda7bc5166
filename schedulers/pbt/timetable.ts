/** When trials are compared. */
export interface Timetable {
  /** The time between two decisions about a trial; positive. */
  readonly perturbationInterval: number
  /** The time before which there is none, from 0. */
  readonly burnInPeriod: number
}

/**
 * The first time of a decision after a given time: max(burn-in, interval) + k · interval, the same times for all trials.
 *
 * Ray Tune counts from each trial's last decision instead, which is the same where times grow in steps that divide the interval.
 */
export function nextDecision({ perturbationInterval, burnInPeriod }: Timetable, after: number): number {
  const first = Math.max(burnInPeriod, perturbationInterval)
  if (!(after >= first)) return first
  let k = Math.floor((after - first) / perturbationInterval) + 1
  // a quotient that is rounded up lands one too far, one that is rounded down one too short
  while (k > 1 && first + (k - 1) * perturbationInterval > after) k--
  while (first + k * perturbationInterval <= after) k++
  return first + k * perturbationInterval
}
