/**
 * Changed settings that a running service does not apply, because it reads them only at its start.
 */
import { isDeepStrictEqual } from 'node:util'
import { isObject } from '../json.ts'
import type { Settings } from '../settings/schema.ts'
import type { TableSource } from '../sources/source.ts'

export interface PendingRestart {
  /**
   * @param options.replacesWorkers whether all workers are about to be replaced, which applies most settings
   * @returns the paths of changed settings that need a restart, such as `http.port`
   */
  fields(options?: { readonly replacesWorkers?: boolean }): readonly string[]
  /** All workers have started with these settings. */
  workersReplaced(settings: Settings): void
}

/** Applied at once, with everything below them. */
const applied = [
  'providers',
  'include',
  'signing',
  'limits',
  'cache',
  'http.title',
  'http.publicUrl',
  'http.tls.certificates',
  'http.tls.minVersion',
  'log.level',
  'log.requests',
  'log.clientAddress'
] as const

/** Not applied by new workers either: the supervisor process has the sockets and the admin listener. */
const ofSupervisor = ['http.host', 'http.port', 'http.workers', 'http.tls', 'admin', 'log.format'] as const

/** @param source with the settings that the service starts with */
export function createPendingRestart(source: TableSource): PendingRestart {
  const started = source.table.settings
  let ofWorkers = started
  return {
    fields({ replacesWorkers = false } = {}) {
      const { settings } = source.table
      const own = changedPaths(started, settings).filter(path => isWithin(path, ofSupervisor))
      const others = replacesWorkers ? [] : changedPaths(ofWorkers, settings)
      const all = [...own, ...others.filter(path => !isWithin(path, ofSupervisor))]
      return all.filter(path => !isWithin(path, applied)).sort()
    },
    workersReplaced(settings) {
      ofWorkers = settings
    }
  }
}

/** Without them the service uses all defaults. Other blocks, even if empty, turn something on. */
const optional: readonly string[] = ['http', 'limits', 'limits.rate', 'limits.overload', 'log', 'cache']

/** @returns the paths of values that differ; of mappings in both, those of their fields */
function changedPaths(first: unknown, second: unknown, path = ''): readonly string[] {
  if (isDeepStrictEqual(first, second)) return []
  const [before, after] = optional.includes(path) ? [first ?? {}, second ?? {}] : [first, second]
  if (!isObject(before) || !isObject(after)) return [path]
  const keys = new Set([...Object.keys(before), ...Object.keys(after)])
  return [...keys].flatMap(key => changedPaths(before[key], after[key], path === '' ? key : `${path}.${key}`))
}

function isWithin(path: string, outer: readonly string[]): boolean {
  return outer.some(each => path === each || path.startsWith(`${each}.`))
}
