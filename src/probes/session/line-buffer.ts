/**
 * Lines out of bytes that a stranger sends, in whatever pieces: CRLF or LF ends a line.
 */
import { printable } from '../../settings/load/fault.ts'
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
  let pending = Buffer.alloc(0)
  let total = 0

  function take(count: number): Buffer {
    const taken = pending.subarray(0, count)
    pending = pending.subarray(count)
    return taken
  }

  return {
    push(bytes) {
      total += bytes.length
      if (total > most) throw new Trouble('tooMuch', { limit: most })
      pending = Buffer.concat([pending, bytes])
    },
    line() {
      const end = pending.subarray(0, longest).indexOf(lineFeed)
      if (end < 0 && pending.length >= longest) throw new Trouble('lineTooLong', { limit: longest })
      if (end < 0) return undefined
      const line = take(end + 1)
      return toText(line.subarray(0, line[end - 1] === carriageReturn ? -2 : -1))
    },
    octets: count => (count > pending.length ? undefined : toText(take(count))),
    get length() {
      return pending.length
    }
  }
}

/** Why on the whole line: a piece may end within a character. */
function toText(bytes: Buffer): string {
  return printable(bytes.toString())
}
