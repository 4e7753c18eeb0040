/**
 * Certificates by ACME in a running service: one process orders them, and every process that listens uses them. Only a service with
 * `http.tls.acme` loads this file.
 */
import { dirname, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import { createTlsAsk } from '../admin/tls-ask.ts'
import type { Permission } from '../certificates/attempt.ts'
import { accessOf, openSession } from '../certificates/authority.ts'
import { createHeldCertificates, type HeldCertificates } from '../certificates/held-certificates.ts'
import { listedGroups, ownNames } from '../certificates/names.ts'
import { createOrderer, type Orderer } from '../certificates/orderer.ts'
import { openStorageOf } from '../certificates/storage/acme-folder.ts'
import { readChallenge } from '../certificates/storage/challenge-files.ts'
import { createGroupLocks } from '../certificates/storage/group-lock.ts'
import { createOrderBudget } from '../certificates/storage/order-budget.ts'
import { readTlsChallenge } from '../certificates/storage/tls-challenge-files.ts'
import { createServerNames } from '../http/connections/server-names.ts'
import type { TlsChallengeOf } from '../http/connections/tls-challenges.ts'
import type { Certificates } from '../keys/certificates.ts'
import type { Domains } from '../lookups/domains.ts'
import type { AcmeSettings } from '../settings/check/tls.ts'
import type { TableSource } from '../sources/source.ts'
import { createPause, createRest } from './pauses.ts'

/** What a process that listens needs. */
export interface Automatic {
  readonly held: HeldCertificates
  readonly challengeOf: (token: string) => Promise<string | undefined>
  /** Undefined: no challenges over TLS. */
  readonly tlsChallengeOf: TlsChallengeOf | undefined
}

export interface AutomaticInputs {
  /** The settings file: names in it are relative to its folder. */
  readonly file: string
  readonly source: TableSource
}

/** @returns milliseconds of a clock that never goes back */
const uptime = () => performance.now()

/** Most orders in an hour. Why: Let's Encrypt permits 300 in three hours. */
const ordersPerHour = 50

/** @param want orders a certificate for a name, and returns whether there is one now */
export function openAutomatic(
  acme: AcmeSettings,
  { file, source }: AutomaticInputs,
  { want }: { readonly want: (name: string) => Promise<boolean> }
): Automatic {
  const storage = openStorageOf(acme, file)
  const settingsOf = () => source.table.settings
  const minVersionOf = () => settingsOf().http?.tls?.minVersion
  const tlsChallengeOf = (name: string) => readTlsChallenge(storage, name, minVersionOf())
  return {
    held: createHeldCertificates({
      storage,
      want,
      ownNames: () => ownNames(settingsOf()),
      standardKey: () => listedGroups(source.table).next().value?.key,
      minVersionOf,
      clock: uptime,
      sleep: milliseconds => sleep(milliseconds, undefined, { ref: false })
    }),
    challengeOf: token => readChallenge(storage, token),
    tlsChallengeOf: acme.challenge === 'http-01' ? undefined : tlsChallengeOf
  }
}

export interface OrderingInputs extends AutomaticInputs {
  readonly certificates: Pick<Certificates, 'certificatesAt'>
}

export interface OrderingOptions {
  readonly domains: Pick<Domains, 'source' | 'listed'>
  readonly logger: Logger
}

export function openOrderer(acme: AcmeSettings, inputs: OrderingInputs, options: OrderingOptions): Orderer {
  const { file, source } = inputs
  const storage = openStorageOf(acme, file)
  const folder = resolve(dirname(file))
  const stopping = new AbortController()
  const { signal } = stopping
  const clock = () => Date.now()
  const orderer = createOrderer({
    storage,
    locks: createGroupLocks(storage, { clock: uptime }),
    budget: createOrderBudget(storage, clock),
    ordersPerHour: acme.ordersPerHour ?? ordersPerHour,
    challenge: acme.challenge,
    openSession: () => openSession(acme, { folder, storage, clock, signal }),
    access: accessOf(acme, folder),
    permit: createPermit(inputs, options.domains),
    clock,
    pause: createPause(signal),
    signal,
    tableOf: () => source.table,
    logger: options.logger,
    rest: createRest()
  })
  return {
    ...orderer,
    async stop() {
      stopping.abort()
      await orderer.stop()
    }
  }
}

/** @returns a function that never rejects */
export function createPermit(
  { certificates, source }: OrderingInputs,
  { source: all, listed }: Pick<Domains, 'source' | 'listed'>
): (name: string) => Promise<Permission> {
  const { mx = false, patterns = false } = source.table.settings.admin?.tlsAsk ?? {}
  const finite = createTlsAsk(listed, { patterns: false })
  const open = mx || patterns ? createTlsAsk(mx ? all : listed, { patterns }) : undefined
  return async name => {
    const files = createServerNames(certificates.certificatesAt(Date.now()))
    if (files(name) !== undefined) return 'not-served'
    if (ownNames(source.table.settings).includes(name)) return 'served'
    const answer = await finite.answer(name).catch(() => 'unavailable' as const)
    if (answer !== 'not-served' || open === undefined) return answer
    const others = await open.answer(name).catch(() => 'unavailable' as const)
    return others === 'served' ? 'open' : others
  }
}
