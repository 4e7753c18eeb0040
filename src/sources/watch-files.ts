/**
 * Watches a settings file and those that it includes.
 *
 * Why not notified by the system: such a watch does not work across container mounts, and misses symbolic links that are
 * swapped in a parent folder, which is how Kubernetes and deployment tools change a file.
 */
import { unwatchFile, watchFile } from 'node:fs'
import { stat } from 'node:fs/promises'
import { findIncluded } from './included-files.ts'

/** How often the files are checked for changes. */
const pollMs = 250

/** A check of the included files may use one in so many milliseconds. */
const pollShare = 20

/** How often files that could not be read are tried again. */
const retryMs = 1000

/** How long the files must stay the same after a change. Why: editors write in several steps, and scripts many files. */
const restMs = 100

export interface WatchOptions {
  /** The patterns of included files at the moment. */
  readonly patterns: () => readonly string[]
  /** Whether a file could not be read. */
  readonly isUnreadable: () => boolean
  /** Whether the content differs from what was read. */
  readonly hasChanged: () => boolean
  /** Called when the files must be reloaded. */
  readonly changed: () => void
}

/** @returns a function that ends the watch */
export function watchFiles(file: string, { patterns, isUnreadable, hasChanged, changed }: WatchOptions): () => void {
  let rest: NodeJS.Timeout | undefined
  let poll: NodeJS.Timeout | undefined
  let isClosed = false
  let last: string | undefined

  const touched = () => {
    clearTimeout(rest)
    rest = setTimeout(() => hasChanged() && changed(), restMs).unref()
  }

  async function pollIncluded(): Promise<void> {
    const started = performance.now()
    const now = await describeFiles(patterns(), file)
    if (isClosed) return
    if (last !== undefined && now !== last) touched()
    last = now
    const tookMs = performance.now() - started
    poll = setTimeout(pollIncluded, Math.max(pollMs, tookMs * pollShare)).unref()
  }

  // Why: a file that could not be read because descriptors or memory ran out can be readable later without a change.
  const retrying = setInterval(() => {
    if (isUnreadable() && hasChanged()) changed()
  }, retryMs).unref()
  watchFile(file, { persistent: false, interval: pollMs }, touched)
  // Why: the first poll has nothing to compare with, and would miss a change since the files were read.
  touched()
  pollIncluded()
  return () => {
    isClosed = true
    clearTimeout(rest)
    clearTimeout(poll)
    clearInterval(retrying)
    unwatchFile(file, touched)
  }
}

/** How many files are examined at the same time. Why: each occupies a thread of Node.js, which other work needs as well. */
const atOnce = 4

/** @returns the same text as long as the same files have the same content */
async function describeFiles(patterns: readonly string[], main: string): Promise<string> {
  const files = patterns.flatMap(pattern => findIncluded(pattern, main).files)
  const described: string[] = []
  for (let start = 0; start < files.length; start += atOnce) {
    described.push(...(await Promise.all(files.slice(start, start + atOnce).map(describeFile))))
  }
  return described.join('\n')
}

/** Why the inode as well: a file may be replaced by one with the same size and time. */
async function describeFile(file: string): Promise<string> {
  const { ino, size, mtimeMs, ctimeMs } = await stat(file).catch(() => missing)
  return `${file} ${ino} ${size} ${mtimeMs} ${ctimeMs}`
}

const missing = { ino: 0, size: 0, mtimeMs: 0, ctimeMs: 0 }
