/**
 * How much memory the process of a driver may take.
 */
import type { DirectorySettings } from '../../settings/check/directory.ts'

export interface MemoryLimits {
  /** MiB of JavaScript objects, which V8 enforces. */
  readonly heap: number
  /** MiB of resident memory, which the process checks itself: buffers are not part of the heap. */
  readonly resident: number
}

/** Observed: ten connections take 105 MB of resident memory with each of pg, mysql2 and ldapts, a thousand up to 130 MB. */
export function memoryLimits({ connections = 10 }: Pick<DirectorySettings, 'connections'>): MemoryLimits {
  const ofConnections = Math.ceil(connections / 4)
  return { heap: 64 + ofConnections, resident: 192 + ofConnections }
}
