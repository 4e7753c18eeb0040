/**
 * The certificate authority of `http.tls.acme`, and the account there. Each attempt has its own connections, because an exchanger
 * remembers servers that did not answer.
 */
import { createPrivateKey, hash } from 'node:crypto'
import { join, resolve } from 'node:path'
import { type AcmeClient, createAcmeClient, type ExternalAccount } from '../acme/acme-client.ts'
import { newKey } from '../acme/new-key.ts'
import { type Connect, createConnect } from '../network/connector.ts'
import { createExchanger, type Exchanger } from '../network/http-exchange.ts'
import { createResolver } from '../network/resolver.ts'
import { type AcmeSettings, defaultDirectory } from '../settings/check/tls.ts'
import { readText } from '../sources/read-file.ts'
import { type CertificateStorage, StorageFault } from './storage/certificate-storage.ts'

export interface AcmeSession {
  readonly client: AcmeClient
  /** To the authority. */
  readonly exchange: Exchanger
  /** To this service, through its names. */
  readonly ownExchange: Exchanger
  /** To this service, through its names. */
  readonly ownConnect: Connect
}

export interface SessionOptions {
  /** For relative file names. */
  readonly folder: string
  readonly storage: CertificateStorage
  /** Milliseconds since 1970. */
  readonly clock: () => number
  /** Ends every exchange. */
  readonly signal: AbortSignal
}

/** Limits in milliseconds. */
const timeouts = { lookup: 5000, authority: 30_000, own: 5000 }

/** @throws StorageFault, also for the files that the settings name */
export async function openSession(settings: AcmeSettings, options: SessionOptions): Promise<AcmeSession> {
  const { folder, storage, clock, signal } = options
  const { directory = defaultDirectory, email, ca, externalAccount } = settings
  const accountKey = await accountKeyOf(storage)
  const resolver = createResolver({ timeoutMs: timeouts.lookup })
  // Why private addresses are allowed: authorities of companies have them, and within a network so have our own names.
  const connect = createConnect({ resolver, allowPrivate: true, timeoutMs: timeouts.own, signal })
  const exchange = createExchanger({
    connect,
    ca: ca === undefined ? undefined : textOf(resolve(folder, ca)),
    timeoutMs: timeouts.authority,
    signal
  })
  const client = await createAcmeClient({
    directory,
    accountKey,
    email,
    externalAccount: externalAccount && toExternalAccount(externalAccount, folder),
    exchange,
    clock
  })
  const ownExchange = createExchanger({ connect, timeoutMs: timeouts.own, signal })
  return { client, exchange, ownExchange, ownConnect: connect }
}

/** @returns a text that changes if the settings of the authority or the account do, or the files that they name */
export function accessOf(settings: AcmeSettings, folder: string): string {
  const { directory, email, ca, externalAccount, challenge } = settings
  const contents = [ca, externalAccount?.hmacKeyFile].map(file => file !== undefined && readText(resolve(folder, file)))
  return hash('sha256', JSON.stringify([directory, email, externalAccount?.id, challenge, contents]))
}

const accountFile = 'account.pem'

/** @returns PEM. @throws StorageFault */
async function accountKeyOf(storage: CertificateStorage): Promise<string> {
  const known = await storage.read(accountFile)
  if (known !== undefined) return readableKey(known, join(storage.folder, accountFile))
  const pem = newKey()
  // Why: another node may create it at the same time, and both must use the same account.
  return (await storage.claim(accountFile, pem)) ? pem : await accountKeyOf(storage)
}

/** @throws StorageFault */
function readableKey(pem: string, file: string): string {
  try {
    createPrivateKey(pem)
    return pem
  } catch {
    // Why not replaced: a backup may have the right one, and the account may belong to a customer number.
    throw new StorageFault(`${file} is not a private key: restore it from a backup, or remove it to open a new account`)
  }
}

function toExternalAccount(
  { id, hmacKeyFile }: NonNullable<AcmeSettings['externalAccount']>,
  folder: string
): ExternalAccount {
  const read = readText(resolve(folder, hmacKeyFile))
  // Why without the file name: people put the key itself there.
  if ('reason' in read) throw new StorageFault(`cannot read externalAccount.hmacKeyFile: ${read.reason}`)
  return { id, hmacKey: read.text.trim() }
}

/** @throws StorageFault */
function textOf(file: string): string {
  const read = readText(file)
  if ('text' in read) return read.text
  throw new StorageFault(`cannot read ${file}: ${read.reason}`)
}
