/**
 * What the attempts for each group have come to, and when the next one is due. Groups that only clients ask for are limited in
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

export interface ProgressBoard {
  get(key: string): Progress | undefined
  /** @param isWanted a client asked for it, and it has no certificate */
  set(key: string, progress: Progress, options: { readonly isWanted: boolean }): void
  forget(key: string): void
  /** @returns whether a group that only a client asks for may be tried */
  mayTry(key: string): boolean
  /** @returns the number of groups with a certificate, and with a problem, and when the first certificate expires */
  summary(): CertificateSummary
}

/** How many groups without a certificate clients can name in an hour. */
const mostWanted = 10_000
const hourMs = 60 * 60 * 1000

interface WantedProgress extends Progress {
  readonly triedAt: number
}

/** @param clock milliseconds since 1970 */
export function createProgressBoard(clock: () => number): ProgressBoard {
  const kept = new Map<string, Progress>()
  const wanted = new Map<string, WantedProgress>()

  const get = (key: string) => kept.get(key) ?? wanted.get(key)

  return {
    get,
    set(key, progress, { isWanted }) {
      if (isWanted && !kept.has(key)) wanted.set(key, { ...progress, triedAt: clock() })
      else {
        wanted.delete(key)
        kept.set(key, progress)
      }
    },
    forget(key) {
      kept.delete(key)
      wanted.delete(key)
    },
    mayTry(key) {
      const { problem, nextAt = 0 } = get(key) ?? {}
      if (problem !== undefined && clock() < nextAt) return false
      for (const [oldest, { triedAt }] of wanted) {
        if (wanted.size < mostWanted || clock() - triedAt < hourMs) break
        wanted.delete(oldest)
      }
      return get(key) !== undefined || wanted.size < mostWanted
    },
    summary() {
      const all = [...kept.values(), ...wanted.values()]
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
