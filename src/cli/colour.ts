/**
 * Lines with or without colours. Follows https://no-color.org, and FORCE_COLOR in the way Node does.
 */
import type { Line, Style } from '../doctor/report/line.ts'
import { wantsColour } from '../formats/wants-colour.ts'
import { printableStart } from '../settings/load/finding.ts'
import type { Terminal } from './command.ts'

/** @returns the line as text, in which control characters are escaped */
export type FormatLine = (line: Line) => string

/** Spec: ECMA-48 8.3.117 defines these parameters of SGR. */
const codes: Readonly<Record<Style, number>> = { good: 32, bad: 31, doubtful: 33, faint: 2, heading: 1 }

/** Characters of one piece of a line. Why: text from a foreign server may be of any length. */
const longest = 400

export function createLineFormatter({ env, isTerminal }: Pick<Terminal, 'env' | 'isTerminal'>): FormatLine {
  const isColoured = wantsColour(env, isTerminal.out)
  return line =>
    line
      .map(piece => {
        const [text, style] = typeof piece === 'string' ? [piece] : [piece.text, piece.style]
        const safe = printableStart(text, longest)
        return isColoured && style !== undefined ? `\u001b[${codes[style]}m${safe}\u001b[0m` : safe
      })
      .join('')
      .trimEnd()
}
