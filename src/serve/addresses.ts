/**
 * The addresses that `signpost serve` listens at.
 */
export interface AskedPlace {
  readonly host: string
  /** 0 picks a free port. */
  readonly port: number
}

export interface Places {
  readonly http: AskedPlace
  /** Undefined: no https. */
  readonly tls: AskedPlace | undefined
  /** Undefined: no admin listener. */
  readonly admin: AskedPlace | undefined
}
