/**
 * A lock for each group of names, as a file in the shared folder: two nodes must not order the same certificate. A node that
 * crashed loses its locks, because it no longer renews them.
 *
 * Why clocks are not compared: those of two nodes may differ. Each node measures by its own clock how long a lock has not changed.
 */
import { randomUUID } from 'node:crypto'
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

  /** @returns the text of a lock whose owner has crashed; undefined if it must be respected */
  async function readStale(file: string): Promise<string | undefined> {
    const text = (await storage.read(file)) ?? ''
    return (await isStale(file, text)) ? text : undefined
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

  /** Why only its own: a node that was too slow to renew it has lost it to another one. */
  async function removeOwn(file: string, text: string): Promise<void> {
    if ((await storage.read(file)) === text) await storage.remove(file)
  }

  return {
    async take(key) {
      const file = join(lockFolder, key)
      const text = `${owner.host} ${owner.pid} ${randomUUID()}`
      if (!(await storage.claim(file, text))) {
        const stale = await readStale(file)
        if (stale === undefined) return undefined
        // Why: another node may have found the same, and have taken the lock since then.
        const removed = await storage.takeAway(file)
        if (removed !== undefined && removed !== stale) await storage.claim(file, removed)
        if (!(await storage.claim(file, text))) return undefined
      }
      seen.delete(file)
      held.add(text)
      const path = join(storage.folder, file)
      const timer = setInterval(() => touch(path), renewMs).unref()
      return async () => {
        clearInterval(timer)
        held.delete(text)
        // Why ignored: a storage that has become read-only must not hide the result of the order.
        await removeOwn(file, text).catch(() => undefined)
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
