/** A moment for people, in UTC, whatever the reader's clock: `2026-11-21 19:05:33 UTC`. */
export function formatMoment(ms: number): string {
  const date = new Date(ms)
  if (Number.isNaN(date.getTime())) return '–'
  return `${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`
}

/** From when to when, the day once where it is the same. */
export function formatSpan(fromMs: number, toMs: number): string {
  const [from, to] = [formatMoment(fromMs), formatMoment(toMs)]
  const isSameDay = from.slice(0, 10) === to.slice(0, 10)
  return isSameDay ? `${from.slice(0, 19)} to ${to.slice(11)}` : `${from} to ${to}`
}
