/**
 * Has the first Ctrl-C (or SIGTERM) end a study cleanly; the second one quits at once.
 *
 * @returns takes the handlers away
 */
export function handleSignals(interrupt: () => void): () => void {
  let isFirst = true
  const onSignal = (signal: NodeJS.Signals): void => {
    if (!isFirst) {
      // the shell's convention: 128 and the signal's number
      process.exit(signal === 'SIGINT' ? 130 : 143)
    }
    isFirst = false
    interrupt()
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  return () => {
    process.off('SIGINT', onSignal)
    process.off('SIGTERM', onSignal)
  }
}
