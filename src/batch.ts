/**
 * Items that are handled together, because each batch costs a write, a message or a lock.
 */

/**
 * @param handle receives the items of one turn of the event loop at its end, in their order. An error that it throws ends the
 *   process.
 * @param most so many items are handled without waiting for more
 * @returns a function that adds an item
 */
export function createBatch<T>(
  handle: (items: readonly T[]) => void,
  most = Number.POSITIVE_INFINITY
): (item: T) => void {
  let items: T[] = []
  function flush(): void {
    // Why: a full batch leaves nothing for the end of its turn.
    if (items.length === 0) return
    const all = items
    items = []
    handle(all)
  }
  return item => {
    const count = items.push(item)
    if (count === 1) setImmediate(flush)
    if (count === most) flush()
  }
}
