/**
 * Whether a component of the service can do its work: `/readyz` asks every component.
 */
export interface Readiness {
  /** The component, such as `settings`. */
  readonly name: string
  /** @param now milliseconds since 1970. @returns what is known already: nothing is fetched */
  stateAt(now: number): ReadinessState
}

export interface ReadinessState {
  /** False takes the service out of a load balancer. */
  readonly ready: boolean
  /** What an administrator should know; a component that is ready may have a remark as well. */
  readonly remark?: string
}
