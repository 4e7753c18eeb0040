/**
 * Progress of a command on standard error, in one line that is overwritten. Nothing is shown if that is not a terminal, or
 * one that cannot overwrite a line.
 */
import { printable } from '../settings/load/finding.ts'
import type { Call } from './command.ts'

/** @returns a function that overwrites one line of the terminal with the text */
export function createProgress({ terminal, options }: Call): (text: string) => void {
  if (!terminal.isTerminal.err || terminal.env.TERM === 'dumb' || options.json === true) return () => undefined
  return text => terminal.err(`\r\u001b[K${printable(text.slice(0, 70))}`)
}

const barWidth = 20

/** @returns a bar such as `[#####---------------] 10 of 40` */
export function progressBar(done: number, all: number): string {
  const filled = Math.floor((done / all) * barWidth)
  return `[${'#'.repeat(filled)}${'-'.repeat(barWidth - filled)}] ${done} of ${all}`
}
