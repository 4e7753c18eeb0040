// All that a real mail program meets in one test: DNS, certificates, nginx, Signpost, mail servers. And Thunderbird itself.

import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createAuthority } from './certificate-authority.ts'
import { startDnsStub, type Zone } from './dns-stub.ts'
import { type MailServersOptions, startMailServers } from './mail-servers.ts'
import { type ProxiedRequest, startNginx } from './nginx.ts'
import { SIGNPOST_ADDRESS, startSignpost } from './signpost.ts'
import { startThunderbird, type Thunderbird } from './thunderbird.ts'

export interface WorldOptions extends Omit<Zone, 'hosts'> {
  /** Path of the settings file of Signpost; or, without Signpost, configuration for the http block of nginx. */
  settings: string | { site: string }
  /** Names that lead to Signpost. */
  webHosts: string[]
  /** Names that lead to Signpost too, but are not in its certificate. */
  hostsWithoutCertificate?: string[]
  /** The central database of providers. Default: there is none, and what is found comes from Signpost. */
  ispdb?: string
  mail?: MailServersOptions
}

export interface World {
  thunderbird: Thunderbird
  /** Path of the root certificate that all certificates come from. */
  trustedRoot: string
  /** What nginx has answered so far; these among it, or it waits for them for a while. */
  requests(expected: string[]): Promise<ProxiedRequest[]>
  stop(): Promise<void>
}

interface Stoppable {
  stop(): unknown
}

const NO_ISPDB = 'https://ispdb.invalid/'

export async function startWorld(options: WorldOptions): Promise<World> {
  const { settings, webHosts, hostsWithoutCertificate = [], ispdb = NO_ISPDB, mail, ...zone } = options
  const isServed = typeof settings === 'string'
  const running: Stoppable[] = []
  async function keep<T extends Stoppable>(starting: Promise<T>): Promise<T> {
    const started = await starting
    running.push(started)
    return started
  }
  async function stop(): Promise<void> {
    for (const part of running.splice(0).reverse()) await part.stop()
  }

  try {
    const directory = await mkdtemp(join(tmpdir(), 'world-'))
    running.push({ stop: () => rm(directory, { recursive: true, maxRetries: 5 }) })
    await chmod(directory, 0o755) // the servers' own users go through it
    const within = (name: string) => join(directory, name)

    await keep(startDnsStub({ hosts: [...webHosts, ...hostsWithoutCertificate, ...(mail?.hosts ?? [])], ...zone }))
    const authority = await createAuthority(within('authority'))
    const certificate = await authority.issue(webHosts)
    const starting = [
      keep(startNginx(within('nginx'), { certificate, upstream: isServed ? SIGNPOST_ADDRESS : settings })),
      keep(startThunderbird(within('thunderbird'), authority.root, ispdb)),
      isServed && keep(startSignpost(within('signpost'), settings)),
      mail && keep(startMailServers(within('mail'), authority, mail))
    ] as const
    await Promise.allSettled(starting) // before a failure is reported, all that has started is known
    const [nginx, thunderbird] = await Promise.all(starting)
    return { thunderbird, trustedRoot: authority.root, requests: nginx.requests, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
