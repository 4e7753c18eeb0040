/**
 * One attempt to have a valid certificate for a group of names: finds out whether it is time, whether the names are still served,
 * and whether another node is at it.
 */
import type { Certificate } from '../keys/certificates.ts'
import type { NameGroup } from './names.ts'
import { type AttemptResult, type GroupPriority, type OrderingOptions, orderGroup } from './order-group.ts'
import { findReachability } from './reachability/reachability.ts'
import type { CertificateStorage } from './storage/certificate-storage.ts'
import type { GroupLocks } from './storage/group-lock.ts'
import { type GroupState, readGroupState } from './storage/group-state.ts'
import { certificateFile, readStoredCertificate, stateFile } from './storage/stored-certificate.ts'

/** `open`: served, but strangers can invent such names, because a pattern or MX records decide. */
export type Permission = 'served' | 'open' | 'not-served' | 'unavailable'

export interface AttemptOptions extends OrderingOptions {
  readonly locks: GroupLocks
  /** @returns whether a certificate may be ordered for a name; `unavailable` if that cannot be known now */
  readonly permit: (name: string) => Promise<Permission>
}

const minuteMs = 60 * 1000
const dayMs = 24 * 60 * minuteMs

/** Never rejects. */
export async function attempt(group: NameGroup, options: AttemptOptions): Promise<AttemptResult> {
  const { storage, locks, access, clock } = options
  const { key } = group
  try {
    const [state, current] = await readGroup(key, storage)
    const inUse = inUseOf(current)
    const { nextAt, problem } = state
    if (isSettled(group, { state, current, access, now: clock() })) return { nextAt, problem, ...inUse }
    const permitted = await permittedNames(group, current, options)
    if (permitted === undefined)
      return { nextAt: clock() + minuteMs, problem: 'the directory is unavailable', ...inUse }
    if (permitted.names.length === 0) return await forget(key, current, options)
    const release = await locks.take(key)
    if (release === undefined) return { nextAt: clock() + minuteMs / 2, ...inUse }
    try {
      return await attemptWithLock(group, permitted, options)
    } finally {
      await release()
    }
  } catch (error) {
    return { nextAt: clock() + minuteMs, problem: (error as Error).message }
  }
}

/** @throws StorageFault */
async function attemptWithLock(
  group: NameGroup,
  { names, priority }: PermittedNames,
  options: AttemptOptions
): Promise<AttemptResult> {
  const { key } = group
  const [state, current] = await readGroup(key, options.storage)
  try {
    // Why with the lock: a name has one answer to a challenge over TLS, and another node may be ordering its certificate.
    const refusal = current && (await whyNotAdded(group, current, options))
    if (refusal !== undefined) {
      const { nextAt, problem } = state
      return {
        nextAt,
        problem,
        refusal: { origin: 'here', retryAfterMs: undefined, text: refusal },
        ...inUseOf(current)
      }
    }
    const result = await orderGroup(
      { ...group, names },
      { ...options, current, state, required: group.names, priority }
    )
    return { ...result, ...inUseOf(result.obtained ?? current) }
  } catch (error) {
    // Why limited: strangers could fill the disk with names that they invent.
    if (current !== undefined || priority !== 'open') await noteProblem(key, error as Error, options)
    throw error
  }
}

/** @throws StorageFault */
async function readGroup(
  key: string,
  storage: CertificateStorage
): Promise<readonly [GroupState, Certificate | undefined]> {
  const text = await storage.read(certificateFile(key))
  const state = readGroupState(await storage.read(stateFile(key)))
  return [state, text === undefined ? undefined : readStoredCertificate(text, undefined)]
}

/** Stores why an attempt failed, for `signpost certificates` and others that only read. Never rejects. */
async function noteProblem(
  key: string,
  { message }: Error,
  { storage, access, clock }: Pick<AttemptOptions, 'storage' | 'access' | 'clock'>
): Promise<void> {
  try {
    const now = clock()
    // Why read again: an order may have been saved since.
    const state = readGroupState(await storage.read(stateFile(key)))
    const noted = { ...state, access, triedAt: now, nextAt: now + minuteMs, problem: message }
    await storage.write(stateFile(key), JSON.stringify(noted))
  } catch {
    // Why ignored: usually, the storage is what failed. The caller reports the first fault.
  }
}

function inUseOf(current: Certificate | undefined): Pick<AttemptResult, 'notAfter' | 'names'> {
  return { notAfter: current?.notAfter, names: current?.names }
}

/**
 * Why before anything else: a name that strangers request and that does not lead here is no failure of its domain, and neither
 * the authority nor the stored state is concerned.
 * @returns why a further name that a client requests cannot be added; undefined if it leads here, or there is no such name
 */
async function whyNotAdded(
  { names, asked }: NameGroup,
  current: Certificate,
  options: AttemptOptions
): Promise<string | undefined> {
  if (asked === undefined || names.includes(asked) || current.names.includes(asked)) return undefined
  const { problems } = await findReachability([asked], { ...options, session: await options.openSession() })
  return problems.get(asked)
}

function isSettled(
  { names, asked }: NameGroup,
  {
    state: { nextAt, triedAt, failures, access: before },
    current,
    access,
    now
  }: {
    readonly state: GroupState
    readonly current: Certificate | undefined
    readonly access: string
    readonly now: number
  }
): boolean {
  // Why: an administrator has corrected the settings, and wants to see whether they are right.
  if (failures > 0 && before !== access) return false
  const expected = asked === undefined ? names : [...names, asked]
  const isMissing = failures === 0 && !expected.every(name => current?.names.includes(name))
  return now < nextAt && !isMissing && triedAt - now < clockToleranceMs
}

/** Why: the clock was ahead, and has been set right. Those of other nodes may differ by minutes. */
const clockToleranceMs = 60 * minuteMs

interface PermittedNames {
  readonly names: readonly string[]
  readonly priority: GroupPriority
}

/** @returns undefined if that cannot be known now */
async function permittedNames(
  { names, optional = [] }: NameGroup,
  current: Certificate | undefined,
  { permit }: AttemptOptions
): Promise<PermittedNames | undefined> {
  const permitted: string[] = []
  let isOpen = true
  for (const name of new Set([...names, ...optional, ...(current?.names ?? [])])) {
    const answer = await permit(name)
    if (answer === 'unavailable') return undefined
    if (answer !== 'not-served') permitted.push(name)
    if (answer === 'served') isOpen = false
  }
  return { names: permitted, priority: names.length > 0 ? 'listed' : isOpen ? 'open' : 'customer' }
}

/** Of names that are not served any more. @throws StorageFault */
async function forget(
  key: string,
  current: Certificate | undefined,
  { storage, clock }: AttemptOptions
): Promise<AttemptResult> {
  const now = clock()
  if (current !== undefined && now <= current.notAfter) return { nextAt: now + dayMs }
  await storage.remove(stateFile(key))
  await storage.remove(certificateFile(key))
  return { nextAt: Number.POSITIVE_INFINITY }
}
