// How many customers' domains a running Signpost looked up, according to its metrics.
export type LookUps = {
  all: number
  /** Lookups that the cache answered. */
  kept: number
}

export const METRIC = 'signpost_directory_lookups_total'

const sample = new RegExp(`^${METRIC}\\{result="(\\w+)"\\} (\\d+)$`, 'gm')

/** @param port of the admin listener. @returns zeros if there is no directory */
export const readLookUps = async (port: number): Promise<LookUps> => {
  const response = await fetch(`http://127.0.0.1:${port}/metrics`)
  const samples = (await response.text()).matchAll(sample)
  const counts = new Map(Array.from(samples, ([, result = '', count]) => [result, Number(count)]))
  const sum = (...results: string[]) => results.reduce((total, result) => total + (counts.get(result) ?? 0), 0)
  return { all: sum('hit', 'stale', 'negative', 'miss', 'error'), kept: sum('hit', 'stale', 'negative') }
}
