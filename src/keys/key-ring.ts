/**
 * The newest good pairs of one place: what is read there may be broken, or not valid yet.
 */
import type { KeyPair } from './key-pair.ts'

/** Newest first. */
export type KeyRing<Pair extends KeyPair = KeyPair> = readonly Pair[]

/**
 * @param pair as just read; undefined where it could not be
 * @param now milliseconds since 1970
 */
export function renew<Pair extends KeyPair>(ring: KeyRing<Pair>, pair: Pair | undefined, now: number): KeyRing<Pair> {
  const good = ring.filter(each => isValid(each, now))
  // Why two: one that is not valid yet becomes so without a change of its file, and the other serves until then.
  return pair === undefined ? good : [pair, ...good].slice(0, 2)
}

/** @returns the newest pair whose certificates are valid at the time */
export function pairAt<Pair extends KeyPair>(ring: KeyRing<Pair>, now: number): Pair | undefined {
  return ring.find(pair => isValid(pair, now))
}

function isValid({ notBefore, notAfter }: KeyPair, now: number): boolean {
  return notBefore <= now && now <= notAfter
}
