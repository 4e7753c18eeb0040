/**
 * Lines out of bytes that a stranger sends, in whatever pieces: CRLF or LF ends a line.
 */
import { printable } from '../../settings/load/finding.ts'
import { Trouble } from './session-error.ts'

export interface LineBuffer {
  /** @throws Trouble where the stranger has sent too much in all */
  readonly push: (bytes: Buffer) => void
  /**
   * @returns the next line without its end, control characters escaped; undefined where it is not complete
   * @throws Trouble where it is too long
   */
  readonly line: () => string | undefined
  /** @returns so many bytes as text, control characters escaped; undefined where they have not come yet */
  readonly octets: (count: number) => string | undefined
  /** Bytes that have come and that nobody took. */
  readonly length: number
}

export interface LineLimits {
  /** Bytes of a line, its end included. */
  readonly longest: number
  /** Bytes in all. */
  readonly most: number
}

const lineFeed = 0x0a
const carriageReturn = 0x0d

export function createLineBuffer({ longest, most }: LineLimits): LineBuffer {
  // Why in full from the start: joining pieces as they come would copy all of them for each byte of a slow sender.
  const received = Buffer.alloc(most)
  let start = 0
  let end = 0
  /** Up to where there is no line feed. */
  let searched = 0

  function take(count: number): Buffer {
    const taken = received.subarray(start, start + count)
    start += count
    return taken
  }

  return {
    push(bytes) {
      if (end + bytes.length > most) throw new Trouble('tooMuch', { limit: most })
      end += bytes.copy(received, end)
    },
    line() {
      const from = Math.max(start, searched)
      const found = received.subarray(from, Math.min(end, start + longest)).indexOf(lineFeed)
      if (found < 0 && end - start >= longest) throw new Trouble('lineTooLong', { limit: longest })
      searched = found < 0 ? end : from
      if (found < 0) return undefined
      const line = take(from + found + 1 - start)
      return toText(line.subarray(0, line.at(-2) === carriageReturn ? -2 : -1))
    },
    octets: count => (count > end - start ? undefined : toText(take(count))),
    get length() {
      return end - start
    }
  }
}

/** Why on the whole line: a piece may end within a character. */
function toText(bytes: Buffer): string {
  return printable(bytes.toString())
}
