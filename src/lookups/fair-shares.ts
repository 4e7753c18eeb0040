/**
 * Fair shares of lookups that run at the same time: no client, and no network of clients, can use all places.
 */

/** Names of a client and of the networks around it, the smallest first; undefined for a client without limits. */
export type Sharer = readonly string[] | undefined

export interface Shares {
  /** @returns a function that gives the place back, to be called once; undefined if this client gets no place now */
  take(sharer: Sharer): (() => void) | undefined
}

/** Share of the free places that a client may hold. A network may hold twice as many as the network inside it. */
const shareOfClient = 1 / 4

/**
 * Why a share of the free places and not a fixed number: the first client gets a fifth of all places, each further one a
 * little less, and however many clients are busy, some places remain for the next one. Nothing needs to be configured.
 *
 * @param placesOf how many there are now
 */
export function createShares(placesOf: () => number): Shares {
  const held = new Map<string, number>()
  let used = 0

  function mayHoldOneMore(name: string, level: number): boolean {
    const own = held.get(name) ?? 0
    return own === 0 || own < (placesOf() - used) * shareOfClient * 2 ** level
  }

  function change(names: readonly string[], by: 1 | -1): void {
    used += by
    for (const name of names) {
      const now = (held.get(name) ?? 0) + by
      if (now === 0) held.delete(name)
      else held.set(name, now)
    }
  }

  return {
    take(names = []) {
      if (used >= placesOf() || !names.every(mayHoldOneMore)) return undefined
      change(names, 1)
      return () => change(names, -1)
    }
  }
}
