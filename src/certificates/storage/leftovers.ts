/**
 * Files that are no longer needed: those that a crash has left behind, and the state of requested names that never got a
 * certificate.
 */
import { join } from 'node:path'
import { beingWritten, type CertificateStorage } from './certificate-storage.ts'
import { challengeFolder } from './challenge-files.ts'
import { lockFolder } from './group-lock.ts'
import { orderFolder } from './order-budget.ts'
import { groupFolder } from './stored-certificate.ts'
import { tlsChallengeFolder } from './tls-challenge-files.ts'

const dayMs = 24 * 60 * 60 * 1000

/** Why longer than any waiting time: until then, it must not be forgotten. */
const stateMs = 32 * dayMs

/** @param now milliseconds since 1970. @throws StorageFault */
export async function removeLeftovers(storage: CertificateStorage, now: number): Promise<void> {
  const removeOld = async (file: string, mostMs: number) => {
    if (now - ((await storage.changedAt(file)) ?? now) > mostMs) await storage.remove(file)
  }
  // Why locks, too: a lock that is held is renewed every few seconds.
  for (const folder of [challengeFolder, tlsChallengeFolder, lockFolder]) {
    for (const name of await storage.list(folder)) await removeOld(join(folder, name), dayMs)
  }
  for (const folder of ['.', groupFolder, orderFolder]) {
    const names = await storage.list(folder)
    for (const name of names.filter(each => each.endsWith(beingWritten))) await removeOld(join(folder, name), dayMs)
  }
  const files = new Set(await storage.list(groupFolder))
  for (const name of files) {
    const key = name.slice(0, -'.json'.length)
    if (name.endsWith('.json') && !files.has(`${key}.pem`)) await removeOld(join(groupFolder, name), stateMs)
  }
}
