/**
 * Everything that is given in one turn of the event loop, sent as one message.
 */

/** @returns takes one item */
export function createBatch<T>(send: (items: readonly T[]) => void): (item: T) => void {
  let items: T[] = []
  function flush(): void {
    const all = items
    items = []
    send(all)
  }
  return item => {
    if (items.push(item) === 1) setImmediate(flush)
  }
}
