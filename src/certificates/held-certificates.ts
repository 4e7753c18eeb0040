/**
 * The certificates of the storage, for the handshakes of one process. A name without a certificate is ordered while the client
 * waits, but not for long. The number of certificates in memory is limited; all others are read again when a client asks.
 */

import type { Certificate, TlsSettings } from '../keys/certificates.ts'
import { withoutServiceLabel } from '../settings/question/account.ts'
import { toDomain } from '../settings/question/domain.ts'
import { dropOldest } from './drop-oldest.ts'
import { groupOf } from './names.ts'
import type { CertificateStorage } from './storage/certificate-storage.ts'
import { certificateFile, readStoredCertificate } from './storage/stored-certificate.ts'

export interface HeldCertificates {
  /** @param name as a client sent it. @returns the certificate of the name, if it is in memory */
  held(name: string): Certificate | undefined
  /** Never rejects. @returns the certificate of the name, from the storage or after an order; undefined if that fails */
  obtain(name: string): Promise<Certificate | undefined>
  /** For clients that send no name, or a name without a certificate. */
  readonly standard: Certificate | undefined
  /** Reads the standard certificate. Never rejects. */
  load(): Promise<void>
  /** The certificate of a group has been stored. */
  changed(key: string): Promise<void>
}

export interface HeldOptions {
  readonly storage: Pick<CertificateStorage, 'read' | 'changedAt'>
  /** Orders a certificate. @returns whether there is one now */
  readonly want: (name: string) => Promise<boolean>
  /** Names that belong to no mail domain and may have a certificate. */
  readonly ownNames: () => readonly string[]
  /** @returns the group whose certificate is the standard one */
  readonly standardKey: () => string | undefined
  readonly minVersionOf: () => TlsSettings['minVersion'] | undefined
  /** Milliseconds of any clock. */
  readonly clock: () => number
  /** @returns a promise that resolves after the time */
  readonly sleep: (milliseconds: number) => Promise<unknown>
}

/** How long a handshake waits for an order. */
export const handshakeWaitMs = 5000

/** Why a certificate takes about 100 kB of memory. */
const mostHeld = 1000

/** Names whose order failed are not asked again for a while. */
const refusedMs = 30_000
const mostRefused = 10_000

/** Names for which handshakes may wait for an order at the same time. */
const mostWaiting = 200

/** Groups whose files are read at the same time. Why more: reading is short, and made-up names must not hide stored certificates. */
const mostReading = 1000

/** How often the file of a certificate in use is looked at: another node may have renewed it. */
const checkMs = 60_000

interface Entry {
  readonly certificate: Certificate
  readonly changedAt: number | undefined
  checkedAt: number
}

export function createHeldCertificates(options: HeldOptions): HeldCertificates {
  const { storage, want, ownNames, standardKey, minVersionOf, clock, sleep } = options
  const entries = new Map<string, Entry>()
  const refused = new Map<string, number>()
  const reading = new Map<string, Promise<unknown>>()
  const waiting = new Map<string, Promise<Certificate | undefined>>()
  let standard: { readonly key: string; readonly entry: Entry } | undefined

  function entryOf(name: string): Entry | undefined {
    const entry = entries.get(groupOf(name))
    return entry?.certificate.names.includes(name) ? entry : undefined
  }

  async function load(key: string): Promise<Certificate | undefined> {
    const file = certificateFile(key)
    const changedAt = await storage.changedAt(file)
    const before = entries.get(key)
    if (before !== undefined && before.changedAt === changedAt) return before.certificate
    const text = changedAt === undefined ? undefined : await storage.read(file).catch(() => undefined)
    const certificate = text === undefined ? undefined : readStoredCertificate(text, minVersionOf())
    // Why kept: a storage that has failed must not take a certificate out of use.
    if (certificate === undefined) return before?.certificate
    const entry = { certificate, changedAt, checkedAt: clock() }
    if (key === standardKey()) standard = { key, entry }
    entries.delete(key)
    entries.set(key, entry)
    dropOldest(entries, mostHeld)
    return certificate
  }

  /** Why not at each handshake: the file system may be slow. */
  function checkNow(key: string, entry: Entry): void {
    if (clock() - entry.checkedAt < checkMs) return
    entry.checkedAt = clock()
    load(key)
  }

  /** @returns after the certificate of a group has been read, or at once if too many are being read */
  async function readOnce(key: string): Promise<void> {
    if (!reading.has(key) && reading.size < mostReading) {
      reading.set(
        key,
        load(key).finally(() => reading.delete(key))
      )
    }
    await reading.get(key)
  }

  async function order(name: string): Promise<Certificate | undefined> {
    const ordered = want(name).then(async isThere => {
      if (isThere) await load(groupOf(name))
      else {
        refused.set(name, clock() + refusedMs)
        dropOldest(refused, mostRefused)
      }
    })
    await Promise.race([ordered, sleep(handshakeWaitMs)])
    return entryOf(name)?.certificate
  }

  return {
    held(asked) {
      const name = toDomain(asked)
      const entry = name === undefined ? undefined : entryOf(name)
      if (name === undefined || entry === undefined) return undefined
      checkNow(groupOf(name), entry)
      return entry.certificate
    },
    async obtain(asked) {
      const name = toDomain(asked)
      if (name === undefined) return undefined
      // Why before anything is read: most made-up names end here.
      if (withoutServiceLabel(name) === undefined && !ownNames().includes(name)) return undefined
      await readOnce(groupOf(name))
      const stored = entryOf(name)
      if (stored !== undefined) return stored.certificate
      if (clock() < (refused.get(name) ?? 0)) return undefined
      const before = waiting.get(name)
      if (before !== undefined) return await before
      if (waiting.size >= mostWaiting) return undefined
      const found = order(name).finally(() => waiting.delete(name))
      waiting.set(name, found)
      return await found
    },
    get standard() {
      if (standard === undefined) return undefined
      checkNow(standard.key, standard.entry)
      return standard.entry.certificate
    },
    async load() {
      const key = standardKey()
      if (key !== undefined) await load(key)
    },
    async changed(key) {
      for (const name of refused.keys()) if (groupOf(name) === key) refused.delete(name)
      if (entries.has(key) || key === standardKey()) await load(key)
    }
  }
}
