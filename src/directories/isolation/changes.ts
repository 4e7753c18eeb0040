/**
 * Tells which names have changed, one message at a time: a database may announce changes faster than the service can take
 * them.
 */
import type { Changed } from '../directory.ts'

export interface Changes {
  readonly tell: Changed
  /** The last message has arrived. */
  seen(): void
}

/** Beyond this number, all names are told to have changed. */
const mostNames = 1000

/** @param send takes the names; null: any name may have changed */
export function createChanges(send: (names: readonly string[] | null) => void): Changes {
  let names = new Set<string>()
  let isAny = false
  let isUnderWay = false

  function sendAll(): void {
    if (isUnderWay || (!isAny && names.size === 0)) return
    isUnderWay = true
    send(isAny ? null : [...names])
    names = new Set()
    isAny = false
  }

  return {
    tell(name) {
      if (name === undefined || names.size >= mostNames) isAny = true
      else names.add(name)
      sendAll()
    },
    seen() {
      isUnderWay = false
      sendAll()
    }
  }
}
