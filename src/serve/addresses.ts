/**
 * The addresses that `signpost serve` listens at.
 */

/**
 * The unspecified addresses, which stand for every address of the machine. A socket at the one of IPv6 accepts IPv4 too: Node
 * sets IPV6_V6ONLY only if it is told to.
 */
export const everywhere = { v6: '::', v4: '0.0.0.0' } as const

export interface AskedPlace {
  /** `::` stands for every address of the machine, IPv4 included. */
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
