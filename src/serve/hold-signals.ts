const signals = ['SIGTERM', 'SIGINT'] as const

/**
 * Holds back one signal to stop while the service starts. Another one ends the process at once.
 *
 * Why: a program that sees the port open may stop the service before it is ready for signals, and their default would end it
 * in the middle of requests.
 *
 * @returns a function that sends the process the signal that was held back, if there was one
 */
export function holdSignals(): () => void {
  let held: NodeJS.Signals | undefined

  function hold(signal: NodeJS.Signals): void {
    held = signal
    ignore()
  }

  function ignore(): void {
    for (const signal of signals) process.off(signal, hold)
  }

  for (const signal of signals) process.on(signal, hold)
  return () => {
    ignore()
    if (held !== undefined) process.kill(process.pid, held)
  }
}
