/** Writes a time as `2026-01-02 03:04:05 UTC`; journals may come from anywhere, so what is no time is `—`. */
export function formatTime(ms: number): string {
  const time = new Date(ms)
  return Number.isNaN(time.getTime()) ? '—' : `${time.toISOString().slice(0, 19).replace('T', ' ')} UTC`
}
