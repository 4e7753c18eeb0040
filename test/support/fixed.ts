/** Settings that never change, for functions that follow them. */
export function fixed<T>(value: T): () => T {
  return () => value
}
