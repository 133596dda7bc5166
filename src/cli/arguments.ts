import { InvalidArgumentError } from 'commander'
import type { TrialStatus } from '../trial.js'
import { type Condition, parseCondition } from './select-trials.js'

export const modes = ['min', 'max'] as const
export const statuses: readonly TrialStatus[] = ['pending', 'running', 'paused', 'terminated', 'error']

/** Reads `--status error,running`. */
export function statusList(text: string): readonly TrialStatus[] {
  return text.split(',').map(part => {
    const status = statuses.find(each => each === part.trim())
    if (status !== undefined) return status
    throw new InvalidArgumentError(`give one or more of ${statuses.join(', ')}, with commas between`)
  })
}

/** Reads `--where 'loss<0.1'`, which may be repeated. */
export function addCondition(text: string, before: readonly Condition[] = []): readonly Condition[] {
  const condition = parseCondition(text)
  if (condition !== undefined) return [...before, condition]
  throw new InvalidArgumentError("give a column, an operator and a value, such as 'loss<0.1' or 'status=error'")
}

/** Reads an option that may be repeated. */
export function addText(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text]
}

export function wholeNumber(text: string): number {
  const value = Number(text)
  if (text.trim() !== '' && Number.isSafeInteger(value) && value >= 0) return value
  throw new InvalidArgumentError('give a whole number from 0')
}
