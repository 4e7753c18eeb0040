/**
 * Whether one part of the service can do its work: what `/readyz` asks.
 */
export interface State {
  /** false takes the service out of a balancer. */
  readonly ready: boolean
  /** What an administrator should know; a part that is ready may have one too. */
  readonly remark?: string
}

export interface Readiness {
  /** What it is a part of, such as `settings`. */
  readonly name: string
  /** @param now milliseconds since 1970. @returns what is known already: nothing is fetched */
  stateAt(now: number): State
}
