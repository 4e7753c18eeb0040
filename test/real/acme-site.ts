// Signpost with `http.tls.acme` on the usual ports of the private network.

import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect } from 'node:tls'
import { askWeb, type WebAnswer } from './curl.ts'
import { WORLD_ADDRESS } from './namespace.ts'
import type { Pebble } from './pebble.ts'
import type { Listener } from './program.ts'

export interface SiteOptions {
  readonly storage: string
  readonly domains: readonly string[]
  readonly host?: string
  /** Further lines of the settings. */
  readonly more?: string
  readonly workers?: number
  /** The port of http. */
  readonly port?: number
}

/** @returns settings that get certificates from pebble */
export function acmeSettings(
  { directory, ca }: Pick<Pebble, 'directory' | 'ca'>,
  { storage, domains, host = WORLD_ADDRESS, more = '', workers = 1, port = 80 }: SiteOptions
): string {
  return `
http:
  host: ${host}
  port: ${port}${workers === 1 ? '' : `\n  workers: ${workers}`}
  tls: { port: 443, acme: { storage: ${storage}, termsAgreed: true, directory: "${directory}", ca: ${ca} } }
${more}
providers:
  - id: p
    name: Example Mail
    domains: [${domains.join()}]
    servers: [{ protocol: imap, host: imap.%EMAILDOMAIN% }, { protocol: smtp, host: smtp.%EMAILDOMAIN% }]
`
}

/** @param file is created. @returns a line of settings: a directory of customers with one domain of the provider above */
export function customersDirectory(file: string, domain: string): string {
  const database = new DatabaseSync(file)
  database.exec(`CREATE TABLE domain (name TEXT PRIMARY KEY); INSERT INTO domain VALUES ('${domain}')`)
  database.close()
  const query = "SELECT name AS domain, 'p' AS provider FROM domain WHERE name = :domain"
  return `directory: { type: sqlite, file: ${file}, query: "${query}" }`
}

export const listenersAt = (host = WORLD_ADDRESS): Listener[] => [80, 443].map(port => ({ host, port }))

/** @returns the fingerprint of the certificate of a name; undefined if the handshake fails or the certificate is not valid for it */
export async function certificateAt(
  servername: string,
  { ca, host = WORLD_ADDRESS }: { readonly ca: string; readonly host?: string }
): Promise<string | undefined> {
  const socket = connect({ host, port: 443, servername, ca: readFileSync(ca) })
  try {
    await once(socket, 'secureConnect')
    return createHash('sha256').update(socket.getPeerCertificate().raw).digest('hex')
  } catch {
    return undefined
  } finally {
    socket.destroy()
  }
}

/** Waits until the result is defined, at most for a minute. @throws with the log after that */
export async function waitFor<T>(find: () => Promise<T | undefined> | T | undefined, log: string): Promise<T> {
  const deadline = Date.now() + 60_000
  while (Date.now() < deadline) {
    const found = await find()
    if (found !== undefined) return found
    await sleep(50)
  }
  throw new Error(`it never came:\n${await readFile(log, 'utf8')}`)
}

/**
 * Why repeated: a service refuses requests while it is busy, as it is for some seconds after its start on a busy machine.
 * @returns the first response that is not such a refusal
 */
export async function askWhenIdle(url: string, root: string): Promise<WebAnswer> {
  const deadline = Date.now() + 60_000
  for (;;) {
    const answer = await askWeb(url, root)
    if (!answer.body.includes('[AC_OVERLOADED]') || Date.now() > deadline) return answer
    await sleep(250)
  }
}

/** @returns the paths of all files in a folder */
export async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  return entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name))
}
