/**
 * A lock for each group of names, as a file in the shared folder: two nodes must not order the same certificate. A node that
 * crashed loses its locks, because it no longer renews them. Of several nodes that find this at the same time, one takes the lock over.
 *
 * Limit: a process that is suspended for more than a minute may still order when it resumes. Files cannot prevent that, and a second
 * order does no harm.
 *
 * Why clocks are not compared: those of two nodes may differ. Each node measures by its own clock how long a lock has not changed.
 */
import { hash, randomUUID } from 'node:crypto'
import { utimes } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import type { CertificateStorage } from './certificate-storage.ts'

export interface GroupLocks {
  /** @returns a function that releases the lock; undefined while another node has it. @throws StorageFault */
  take(key: string): Promise<(() => Promise<void>) | undefined>
}

export interface GroupLocksOptions {
  /** Milliseconds of a clock that never goes back. */
  readonly clock: () => number
  /** This process. Default: the name of the machine and the number of the process. */
  readonly owner?: { readonly host: string; readonly pid: number }
  /** @returns whether there is a process with this number on this machine */
  readonly isAlive?: (pid: number) => boolean
  /** How often a lock that is held is renewed. */
  readonly renewMs?: number
}

const usualRenewMs = 10_000

/** Why six times as long: a busy machine renews late. */
export const staleMs = 6 * usualRenewMs

export const lockFolder = 'locks'

export function createGroupLocks(storage: CertificateStorage, options: GroupLocksOptions): GroupLocks {
  const { clock, owner = { host: hostname(), pid: process.pid }, isAlive = isRunning, renewMs = usualRenewMs } = options
  const held = new Set<string>()
  const seen = new Map<string, { readonly state: string; readonly since: number }>()

  const newText = () => `${owner.host} ${owner.pid} ${randomUUID()}`

  /** @returns the text of the lock if its owner has crashed; undefined if another owner still holds it, or if it does not exist */
  async function readStale(file: string): Promise<string | undefined> {
    const text = await storage.read(file)
    return text !== undefined && (await isStale(file, text)) ? text : undefined
  }

  async function isStale(file: string, text: string): Promise<boolean> {
    if (held.has(text)) return false
    const [host, pid] = text.split(' ')
    // Why its own number too: a process that was started again, such as the first of a container, may have the same one.
    if (host === owner.host && (Number(pid) === owner.pid || !isAlive(Number(pid)))) return true
    const state = `${text} ${await storage.changedAt(file)}`
    const before = seen.get(file)
    if (before?.state !== state) {
      seen.set(file, { state, since: clock() })
      return false
    }
    return clock() - before.since > staleMs
  }

  /** @param text is in `held`. @returns whether the lock has this text now */
  async function acquire(file: string, text: string): Promise<boolean> {
    if (await storage.claim(file, text)) return true
    const stale = await readStale(file)
    return stale !== undefined && (await changeLock(file, stale, () => storage.write(file, text)))
  }

  /**
   * Replaces or removes a lock if it has a certain text. Why with a second lock, which belongs to that text: the file system cannot
   * compare and replace in one step, and another process may do the same. If this process crashes before it is done, the second
   * lock is taken over like any other, so that the first one is never blocked.
   * @returns whether the lock had the text
   */
  async function changeLock(file: string, text: string, change: () => Promise<void>): Promise<boolean> {
    const guard = join(lockFolder, hash('sha256', text))
    const own = newText()
    held.add(own)
    try {
      if (!(await acquire(guard, own))) return false
      // Why: another process may have changed the lock before this one got the guard.
      const isSame = (await storage.read(file)) === text
      if (isSame) await change()
      await storage.remove(guard)
      seen.delete(guard)
      return isSame
    } finally {
      held.delete(own)
    }
  }

  async function take(file: string, text: string): Promise<boolean> {
    // Why before it is taken: another call in this process must not think that the lock is left over from an earlier process.
    held.add(text)
    let isTaken = false
    try {
      isTaken = await acquire(file, text)
    } finally {
      if (!isTaken) held.delete(text)
    }
    return isTaken
  }

  return {
    async take(key) {
      const file = join(lockFolder, key)
      const text = newText()
      if (!(await take(file, text))) return undefined
      seen.delete(file)
      const path = join(storage.folder, file)
      const timer = setInterval(() => touch(path), renewMs).unref()
      return async () => {
        clearInterval(timer)
        // Why ignored: a storage that has become read-only must not hide the result of the order.
        await changeLock(file, text, () => storage.remove(file)).catch(() => undefined)
        held.delete(text)
      }
    }
  }
}

function touch(path: string): void {
  const now = new Date()
  // Why ignored: the lock may have been lost, and the order in progress must go on.
  utimes(path, now, now).catch(() => undefined)
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // Why: a process of another user exists as well.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
