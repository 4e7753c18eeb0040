// A real Evolution without its windows, in a separate D-Bus session.

import { join } from 'node:path'
import type { DavService } from '../../../../src/clients/dav/dav-client.ts'
import { mustRun, startLibraryProgram } from '../library-program.ts'

export interface EvolutionServer {
  /** Name of the backend: imapx, pop or smtp. */
  readonly backend: string
  readonly host: string | null
  readonly port: number
  readonly user: string | null
  readonly security: 'tls' | 'starttls' | 'none'
}

/** Null: the assistant finds no server, and the person must enter it. */
export interface EvolutionAccount {
  readonly incoming: EvolutionServer | null
  readonly outgoing: EvolutionServer | null
}

/** URLs of a collection account. Null: the assistant finds none. */
export type EvolutionUrls = Readonly<Record<DavService, string | null>>

export interface Login {
  readonly user: string
  readonly password: string
}

export interface Evolution {
  /** @returns what the account assistant proposes */
  readonly findAccount: (address: string) => Promise<EvolutionAccount>
  /** @returns what the assistant for accounts with calendars and address books proposes */
  readonly findUrls: (address: string, password: string) => Promise<EvolutionUrls>
  /** @returns the URLs of the calendars or address books that libedataserver finds, starting at a URL */
  readonly findCollections: (service: DavService, url: string, login: Login) => Promise<string[]>
  readonly stop: () => Promise<void>
}

/** @param trustedRoot path of a root certificate, PEM, that Evolution trusts besides those of the system */
export async function startEvolution(directory: string, trustedRoot: string): Promise<Evolution> {
  const modules = await mustRun('pkg-config', ['--variable=moduledir', 'evolution-shell-3.0'])
  const { ask, stop } = await startLibraryProgram(directory, {
    source: new URL('evolution.c', import.meta.url),
    packages: ['evolution-shell-3.0', 'libedataserver-1.2', 'camel-1.2'],
    args: [join(modules.trim(), 'module-config-lookup.so')],
    wrapper: ['dbus-run-session', '--'],
    trustedRoot
  })
  return {
    findAccount: address => ask(`account ${address}`),
    findUrls: (address, password) => ask(`urls ${address} ${password}`),
    findCollections: (service, url, { user, password }) => ask(`${service} ${url} ${user} ${password}`),
    stop
  }
}
