/**
 * One attempt to have a valid certificate for a group of names: finds out whether it is time, whether the names are still served,
 * and whether another node is at it.
 */
import type { Certificate } from '../keys/certificates.ts'
import type { NameGroup } from './names.ts'
import { type AttemptResult, type OrderingOptions, orderGroup } from './order-group.ts'
import type { CertificateStorage } from './storage/certificate-storage.ts'
import type { GroupLocks } from './storage/group-lock.ts'
import { type GroupState, readGroupState } from './storage/group-state.ts'
import { certificateFile, readStoredCertificate, stateFile } from './storage/stored-certificate.ts'

export type Permission = 'served' | 'not-served' | 'unavailable'

export interface AttemptOptions extends OrderingOptions {
  readonly locks: GroupLocks
  /** @returns whether a certificate may be ordered for a name; `unavailable` if that cannot be known now */
  readonly permit: (name: string) => Promise<Permission>
}

const minuteMs = 60 * 1000
const dayMs = 24 * 60 * minuteMs

/** Never rejects. */
export async function attempt(group: NameGroup, options: AttemptOptions): Promise<AttemptResult> {
  const { storage, locks, clock } = options
  const { key } = group
  try {
    const [state, current] = await readGroup(key, storage)
    const notAfter = current?.notAfter
    const { nextAt, problem } = state
    if (isSettled(group, { state, current, now: clock() })) return { nextAt, problem, notAfter }
    const names = await permittedNames(group, current, options)
    if (names === undefined) return { nextAt: clock() + minuteMs, problem: 'the directory is unavailable', notAfter }
    if (names.length === 0) return await forget(key, current, options)
    const release = await locks.take(key)
    if (release === undefined) return { nextAt: clock() + minuteMs / 2, notAfter }
    try {
      const [state, current] = await readGroup(key, storage)
      const result = await orderGroup({ ...group, names }, { ...options, current, state, required: group.names })
      return { ...result, notAfter: (result.obtained ?? current)?.notAfter }
    } finally {
      await release()
    }
  } catch (error) {
    // Why not stored: the storage itself does not work.
    return { nextAt: clock() + minuteMs, problem: (error as Error).message }
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

function isSettled(
  { names }: NameGroup,
  {
    state: { nextAt, failures },
    current,
    now
  }: { readonly state: GroupState; readonly current: Certificate | undefined; readonly now: number }
): boolean {
  const isMissing = failures === 0 && !names.every(name => current?.names.includes(name))
  return now < nextAt && !isMissing
}

/** @returns undefined if that cannot be known now */
async function permittedNames(
  { names, optional = [] }: NameGroup,
  current: Certificate | undefined,
  { permit }: AttemptOptions
): Promise<readonly string[] | undefined> {
  const permitted: string[] = []
  for (const name of new Set([...names, ...optional, ...(current?.names ?? [])])) {
    const answer = await permit(name)
    if (answer === 'unavailable') return undefined
    if (answer === 'served') permitted.push(name)
  }
  return permitted
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
