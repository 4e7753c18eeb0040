import { mkdirSync, statSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import {
  type CertificateStorage,
  openCertificateStorage,
  StorageFault
} from '../../../src/certificates/storage/certificate-storage.ts'
import { createGroupLocks, lockFolder, staleMs } from '../../../src/certificates/storage/group-lock.ts'
import { failure } from '../../support/failure.ts'

t.test('group lock: only one process holds it until it is released', async t => {
  const storage = openCertificateStorage(t.testdir({}))
  const locks = createGroupLocks(storage, { clock: () => 0 })
  const release = await locks.take('a')
  t.ok(release)
  t.equal(await locks.take('a'), undefined)
  t.ok(await locks.take('b'), 'of its group only')
  await release?.()
  t.ok(await locks.take('a'))
})

t.test(
  'group lock: that of an ended process of this machine is taken over at once, that of another node when it does not change',
  async t => {
    const storage = openCertificateStorage(t.testdir({}))
    let now = 0
    const locksOf = (host: string, pid: number, isAlive = false) =>
      createGroupLocks(storage, { clock: () => now, owner: { host, pid }, isAlive: () => isAlive })
    await locksOf('node1', 7).take('a')
    t.equal(await locksOf('node1', 8, true).take('a'), undefined, 'it is alive')
    t.ok(await locksOf('node1', 8).take('a'), 'it has ended')
    t.ok(await locksOf('node1', 8, true).take('a'), 'a new process has the same number')
    const other = locksOf('node2', 8, true)
    t.equal(await other.take('a'), undefined)
    now = staleMs
    t.equal(await other.take('a'), undefined)
    now = staleMs + 1
    const file = join(storage.folder, 'locks/a')
    utimesSync(file, new Date(0), new Date(0))
    t.equal(await other.take('a'), undefined, 'it has been renewed')
    now = 2 * staleMs + 2
    t.ok(await other.take('a'))
  }
)

t.test('group lock: a holder that was too slow to renew its lock does not release that of the next one', async t => {
  const storage = openCertificateStorage(t.testdir({}))
  let now = 0
  const locksOf = (host: string) =>
    createGroupLocks(storage, { clock: () => now, owner: { host, pid: 1 }, isAlive: () => true })
  const release = await locksOf('node1').take('a')
  const second = locksOf('node2')
  await second.take('a')
  now = staleMs + 1
  t.ok(await second.take('a'))
  await release?.()
  t.equal(await locksOf('node3').take('a'), undefined)
})

t.test('group lock: is renewed while it is held, and its loss does no harm', async t => {
  const folder = t.testdir({})
  const storage = openCertificateStorage(folder)
  const release = await createGroupLocks(storage, { clock: () => 0, renewMs: 1 }).take('a')
  const file = join(folder, 'locks/a')
  utimesSync(file, new Date(0), new Date(0))
  while (statSync(file).mtimeMs === 0) await new Promise(resolve => setTimeout(resolve, 1))
  await storage.remove('locks/a')
  await new Promise(resolve => setTimeout(resolve, 20))
  mkdirSync(join(file, 'x'), { recursive: true })
  await release?.()
})

t.test('group lock: knows whether a process is alive', async t => {
  const storage = openCertificateStorage(t.testdir({}))
  const locks = createGroupLocks(storage, { clock: () => 0, owner: { host: 'here', pid: -1 } })
  await storage.claim('locks/a', `here ${process.pid} x`)
  t.equal(await locks.take('a'), undefined)
  await storage.claim('locks/b', 'here 1 x')
  t.equal(await locks.take('b'), undefined, 'also one of another user')
  await storage.claim('locks/c', 'here 4194305 x')
  t.ok(await locks.take('c'))
})

/** The lock that a crashed process, number 1, has left behind. */
const crashed = 'node 1 crashed'
const lockFile = join(lockFolder, 'a')

/** A process that does one operation on the storage after the other, each when `step` is called. */
interface Stepper<T> {
  /** Does the next operation. */
  step(): Promise<void>
  /** Does all other operations. */
  finish(): Promise<T>
  isDone(): boolean
  readonly result: Promise<T>
}

/** A storage in memory. @param schedule runs an operation, now or later */
function createMemoryStorage(
  files: Map<string, string>,
  schedule: <T>(operation: () => T) => Promise<T>
): CertificateStorage {
  return {
    folder: '',
    read: file => schedule(() => files.get(file)),
    write: (file, text) => schedule(() => void files.set(file, text)),
    remove: file => schedule(() => void files.delete(file)),
    claim: (file, text) => schedule(() => !files.has(file) && files.set(file, text).has(file)),
    list: async () => [],
    changedAt: async () => 0
  }
}

/** Stops the work before each operation on the storage. */
async function startStepping<T>(
  files: Map<string, string>,
  work: (storage: CertificateStorage) => Promise<T>
): Promise<Stepper<T>> {
  let isDone = false
  let go = () => {}
  let stopped = Promise.withResolvers<void>()
  async function whenStepped<R>(operation: () => R): Promise<R> {
    const turn = Promise.withResolvers<void>()
    go = turn.resolve
    stopped.resolve()
    await turn.promise
    return operation()
  }
  const result = work(createMemoryStorage(files, whenStepped))
  const done = result.then(() => {
    isDone = true
  })
  const untilStopped = () => Promise.race([stopped.promise, done])
  async function step(): Promise<void> {
    stopped = Promise.withResolvers<void>()
    go()
    await untilStopped()
  }
  await untilStopped()
  return {
    step,
    async finish() {
      while (!isDone) await step()
      return await result
    },
    isDone: () => isDone,
    result
  }
}

type Release = (() => Promise<void>) | undefined

/** Processes on one machine, each with its locks in the same folder. */
function createMachine() {
  const files = new Map([[lockFile, crashed]])
  const dead = new Set([1])
  const locksOf = (pid: number, storage: CertificateStorage) =>
    createGroupLocks(storage, {
      clock: () => 0,
      owner: { host: 'node', pid },
      isAlive: other => !dead.has(other),
      renewMs: 2 ** 30
    })
  return {
    files,
    dead,
    locksOf,
    startTaking: (pid: number): Promise<Stepper<Release>> =>
      startStepping(files, storage => locksOf(pid, storage).take('a'))
  }
}

/**
 * Runs something with every sequence of choices.
 * @param run calls `choose` with the number of possible choices, and gets one of them, counted from 0
 * @returns the number of sequences
 */
async function withAllChoices(run: (choose: (count: number) => number) => Promise<void>): Promise<number> {
  let runs = 0
  let path: { readonly choice: number; readonly count: number }[] = []
  for (;;) {
    let depth = 0
    await run(count => {
      path[depth] ??= { choice: 0, count }
      return path[depth++]?.choice ?? 0
    })
    runs += 1
    while (path.length > 0 && (path.at(-1)?.choice ?? 0) + 1 === path.at(-1)?.count) path = path.slice(0, -1)
    const last = path.pop()
    if (last === undefined) return runs
    path.push({ ...last, choice: last.choice + 1 })
  }
}

t.test(
  'group lock: two processes that take over the same lock in any order of their steps, and a third one at any time: one gets it',
  async t => {
    const winners = new Map<string, number>()
    const runs = await withAllChoices(async choose => {
      const { files, startTaking } = createMachine()
      const both = [await startTaking(2), await startTaking(3)] as const
      // Why: it does not matter which of two equal processes begins.
      await both[0].step()
      let third: Release
      let isThirdRun = false
      for (;;) {
        const open = both.filter(each => !each.isDone())
        if (open.length === 0 && isThirdRun) break
        const chosen = choose(open.length + (isThirdRun ? 0 : 1))
        if (chosen < open.length) await open[chosen]?.step()
        else {
          third = await (await startTaking(4)).finish()
          isThirdRun = true
        }
      }
      const releases = [await both[0].result, await both[1].result, third]
      const holders = [2, 3, 4].filter((_, index) => releases[index] !== undefined)
      const text = files.get(lockFile) ?? ''
      const isRight = holders.length === 1 && text.startsWith(`node ${holders[0]} `) && files.size === 1
      const outcome = isRight ? `${holders[0]}` : 'wrong'
      winners.set(outcome, (winners.get(outcome) ?? 0) + 1)
    })
    t.same([...winners.keys()].sort(), ['2', '3', '4'], `in ${runs} orders`)
  }
)

t.test('group lock: a process that crashes at any step of a take-over does not block the lock', async t => {
  for (let crashes = 1; crashes <= 2; crashes++) {
    let blocked = 0
    const runs = await withAllChoices(async choose => {
      const { dead, startTaking } = createMachine()
      for (let pid = 2; pid < 2 + crashes; pid++) {
        const victim = await startTaking(pid)
        while (!victim.isDone() && choose(2) === 1) await victim.step()
        dead.add(pid)
      }
      const next = await (await startTaking(8)).finish()
      const other = await (await startTaking(9)).finish()
      if (next === undefined || other !== undefined) blocked += 1
    })
    t.equal(blocked, 0, `${crashes} of them, in ${runs} ways`)
  }
})

t.test(
  'group lock: a holder that was too slow never removes the lock of the next one, in any order of their steps',
  async t => {
    const outcomes = new Set<string>()
    await withAllChoices(async choose => {
      const files = new Map<string, string>()
      let now = 0
      const locksOf = (host: string, storage: CertificateStorage) =>
        createGroupLocks(storage, { clock: () => now, owner: { host, pid: 1 }, renewMs: 2 ** 30 })
      let isHeld = false
      const holder = await startStepping(files, async storage => {
        const release = await locksOf('slow', storage).take('a')
        isHeld = true
        await release?.()
      })
      while (!isHeld) await holder.step()
      const taker = await startStepping(files, async storage => {
        const locks = locksOf('next', storage)
        t.equal(await locks.take('a'), undefined)
        now = staleMs + 1
        return await locks.take('a')
      })
      while (now === 0) await taker.step()
      const both = [holder, taker]
      for (let open = both; open.length > 0; open = both.filter(each => !each.isDone())) {
        await open[choose(open.length)]?.step()
      }
      const isTaken = (await taker.result) !== undefined
      outcomes.add(`${isTaken ? 'taken' : 'not taken'}: ${files.get(lockFile)?.slice(0, 5)}`)
    })
    t.same([...outcomes].sort(), ['not taken: undefined', 'taken: next '])
  }
)

t.test(
  'group lock: of simultaneous calls in one process, one takes a lock over, in any order of their steps',
  async t => {
    const outcomes = new Set<number>()
    await withAllChoices(async choose => {
      const waiting: (() => void)[] = []
      const schedule = <T>(operation: () => T) =>
        new Promise<T>(resolve => void waiting.push(() => resolve(operation())))
      const { files, locksOf } = createMachine()
      const locks = locksOf(2, createMemoryStorage(files, schedule))
      const both = Promise.all([locks.take('a'), locks.take('a')])
      while (waiting.length > 0) {
        waiting.splice(choose(waiting.length), 1)[0]?.()
        await new Promise(setImmediate)
      }
      outcomes.add((await both).filter(each => each !== undefined).length)
    })
    t.same([...outcomes], [1])
  }
)

t.test('group lock: after a fault of the storage, the same process can take the lock', async t => {
  const storage = openCertificateStorage(t.testdir({}))
  await storage.claim(lockFile, crashed)
  let isFull = true
  const write = async (file: string, text: string) => {
    await storage.write(file, text)
    // Why after it: the folder is flushed when the file has its name already.
    if (isFull) throw new StorageFault('full')
  }
  const owner = { host: 'node', pid: 1 }
  const locks = createGroupLocks({ ...storage, write }, { clock: () => 0, owner })
  t.match(await failure(locks.take('a')), { message: 'full' })
  isFull = false
  t.ok(await locks.take('a'))
})

t.test(
  'group lock: one that is released between two steps of another process is taken at the next attempt',
  async t => {
    const storage = openCertificateStorage(t.testdir({}))
    const locks = createGroupLocks({ ...storage, claim: async () => false }, { clock: () => 0 })
    t.equal(await locks.take('a'), undefined)
  }
)
