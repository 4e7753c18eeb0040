/**
 * What is known about the certificate of a group of names, besides the certificate: when something is due, what went wrong last,
 * and an order that is not complete. It is kept across restarts, so that a restart does not bypass the waiting time.
 */
import type { SavedOrder } from '../../acme/order.ts'
import { asObject, parseObject } from '../../json.ts'

export interface GroupState {
  /** Milliseconds since 1970: nothing is tried before. */
  readonly nextAt: number
  /** When this was found, in milliseconds since 1970; 0 if nothing was tried. */
  readonly triedAt: number
  /** With which authority and account. */
  readonly access: string
  /** When the certificate must be renewed, in milliseconds since 1970; 0 without a certificate. */
  readonly renewAt: number
  /** When the certificate was obtained, in milliseconds since 1970; 0 without a certificate. */
  readonly obtainedAt: number
  /** Attempts that failed since the last success. */
  readonly failures: number
  /** Why the last attempt failed, or which names are not covered; undefined if all is well. */
  readonly problem: string | undefined
  /** An order that the authority knows and that is not complete. */
  readonly order: SavedOrder | undefined
}

export const untried: GroupState = {
  nextAt: 0,
  triedAt: 0,
  access: '',
  renewAt: 0,
  obtainedAt: 0,
  failures: 0,
  problem: undefined,
  order: undefined
}

/** @param text a file; anything that is no valid state counts as absent */
export function readGroupState(text: string | undefined): GroupState {
  const json = parseObject(text ?? '')
  const number = (key: string) => (Number.isFinite(json[key]) ? Number(json[key]) : 0)
  return {
    nextAt: number('nextAt'),
    triedAt: number('triedAt'),
    access: typeof json.access === 'string' ? json.access : '',
    renewAt: number('renewAt'),
    obtainedAt: number('obtainedAt'),
    failures: number('failures'),
    problem: typeof json.problem === 'string' ? json.problem : undefined,
    order: readOrder(json.order)
  }
}

function readOrder(value: unknown): SavedOrder | undefined {
  const { url, names, key } = asObject(value)
  if (typeof url !== 'string' || typeof key !== 'string' || !Array.isArray(names)) return undefined
  return { url, key, names: names.map(String) }
}
