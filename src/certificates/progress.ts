/**
 * What the attempts for each group have come to, and when the next one is due. Groups that only clients request are limited in
 * number as long as they have no certificate, because strangers may choose their names.
 */
export interface Progress {
  /** Milliseconds since 1970. */
  readonly nextAt: number
  readonly problem: string | undefined
  /** When the certificate expires, in milliseconds since 1970; undefined without a certificate. */
  readonly notAfter: number | undefined
}

export interface CertificateSummary {
  readonly certificates: number
  readonly problems: number
  /** Milliseconds since 1970; undefined without a certificate. */
  readonly firstExpiry: number | undefined
}

/**
 * `kept`: the settings list the group, or it has a certificate. Otherwise clients requested it: `customer` is in a directory,
 * `open` has a name that strangers can invent.
 */
export type GroupKind = 'kept' | 'customer' | 'open'

export interface ProgressBoard {
  get(key: string): Progress | undefined
  /** A group that was `kept` stays so until it is forgotten. */
  set(key: string, progress: Progress, kind: GroupKind): void
  forget(key: string): void
  /** @returns whether a group that only a client requests may be tried */
  mayTry(key: string, kind: GroupKind): boolean
  /** Makes all groups due, because the clock has been set back. */
  expire(): void
  /**
   * Why only of groups that are `kept`: strangers must not be able to raise an alarm.
   * @returns the number of groups with a certificate, and with a problem, and when the first certificate expires
   */
  summary(): CertificateSummary
}

/** How many groups without a certificate clients can name in an hour. Why two numbers: one must not use up the other. */
const mostRequested = { customer: 10_000, open: 5000 }
const hourMs = 60 * 60 * 1000

interface RequestedProgress extends Progress {
  readonly triedAt: number
}

/** @param clock milliseconds since 1970 */
export function createProgressBoard(clock: () => number): ProgressBoard {
  const kept = new Map<string, Progress>()
  const requested = { customer: new Map<string, RequestedProgress>(), open: new Map<string, RequestedProgress>() }

  const get = (key: string) => kept.get(key) ?? requested.customer.get(key) ?? requested.open.get(key)

  function forget(key: string): void {
    for (const map of [kept, requested.customer, requested.open]) map.delete(key)
  }

  function hasRoom(kind: 'customer' | 'open'): boolean {
    const groups = requested[kind]
    for (const [oldest, { triedAt }] of groups) {
      if (groups.size < mostRequested[kind] || clock() - triedAt < hourMs) break
      groups.delete(oldest)
    }
    return groups.size < mostRequested[kind]
  }

  return {
    get,
    set(key, progress, kind) {
      const isKept = kind === 'kept' || kept.has(key)
      forget(key)
      if (isKept) kept.set(key, progress)
      else requested[kind].set(key, { ...progress, triedAt: clock() })
    },
    forget,
    mayTry(key, kind) {
      const known = get(key)
      if (known?.problem !== undefined && clock() < known.nextAt) return false
      return kind === 'kept' || hasRoom(kind) || known !== undefined
    },
    expire() {
      for (const [key, progress] of kept) kept.set(key, { ...progress, nextAt: 0 })
      requested.customer.clear()
      requested.open.clear()
    },
    summary() {
      const all = [...kept.values()]
      const expiries = all.flatMap(({ notAfter }) => notAfter ?? [])
      return {
        certificates: expiries.length,
        problems: all.filter(({ problem }) => problem !== undefined).length,
        // Why not Math.min of all: there may be more of them than a function takes arguments.
        firstExpiry: expiries.length === 0 ? undefined : expiries.reduce((first, each) => Math.min(first, each))
      }
    }
  }
}
