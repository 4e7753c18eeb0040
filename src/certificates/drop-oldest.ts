/** Removes the entry that was added first if there are more than `most`. */
export function dropOldest(map: Map<string, unknown>, most: number): void {
  if (map.size <= most) return
  const [oldest = ''] = map.keys()
  map.delete(oldest)
}
