// The environment of a real mail program in a test: DNS, certificates, nginx, Signpost, mail servers, and Thunderbird itself.

import { type CertificateAuthority, createAuthority } from './certificate-authority.ts'
import { type DnsStub, startDnsStub, type Zone } from './dns-stub.ts'
import { type MailServersOptions, startMailServers } from './mail-servers.ts'
import { type Nginx, startNginx } from './nginx.ts'
import { SIGNPOST_ADDRESS, startSignpost } from './signpost.ts'
import { allStarted, createStage, type Stage } from './stage.ts'
import { startThunderbird, type Thunderbird } from './thunderbird.ts'

export interface WebOptions extends Omit<Zone, 'hosts'> {
  /** Path of the settings file of Signpost. Without Signpost: configuration for the http block of nginx. */
  settings: string | { site: string }
  /** Names that lead to Signpost. */
  webHosts: string[]
  /** Names that lead to Signpost too, but are not in its certificate. */
  hostsWithoutCertificate?: string[]
  /** Names that lead to other servers of the test. */
  otherHosts?: string[]
}

export interface Web {
  requests: Nginx['requests']
  /** Type and name of all DNS queries so far. */
  queries: DnsStub['queries']
}

export interface WorldOptions extends WebOptions {
  /** The central database of providers. Default: none, so that all settings come from Signpost. */
  ispdb?: string
  mail?: MailServersOptions
}

export interface World extends Web {
  thunderbird: Thunderbird
  /** Path of the root certificate that all certificates come from. */
  trustedRoot: string
  stop(): Promise<void>
}

const NO_ISPDB = 'https://ispdb.invalid/'

/** Starts Thunderbird and its environment. */
export async function startWorld(options: WorldOptions): Promise<World> {
  const { ispdb = NO_ISPDB, mail, ...webOptions } = options
  const stage = await createStage('world')
  try {
    const authority = await createAuthority(stage.within('authority'))
    const [web, thunderbird] = await allStarted([
      startWeb(stage, authority, { ...webOptions, otherHosts: mail?.hosts ?? [] }),
      stage.keep(startThunderbird(stage.within('thunderbird'), authority.root, ispdb)),
      mail && stage.keep(startMailServers(stage.within('mail'), authority, mail))
    ])
    return { ...web, thunderbird, trustedRoot: authority.root, stop: stage.stop }
  } catch (error) {
    await stage.stop()
    throw error
  }
}

/** Starts DNS, nginx and Signpost, for programs other than Thunderbird. They end with the stage. */
export async function startWeb(stage: Stage, authority: CertificateAuthority, options: WebOptions): Promise<Web> {
  const { settings, webHosts, hostsWithoutCertificate = [], otherHosts = [], ...zone } = options
  const isServed = typeof settings === 'string'
  const { queries } = await stage.keep(
    startDnsStub({ hosts: [...webHosts, ...hostsWithoutCertificate, ...otherHosts], ...zone })
  )
  const certificate = await authority.issue(webHosts)
  const [{ requests }] = await allStarted([
    stage.keep(startNginx(stage.within('nginx'), { certificate, upstream: isServed ? SIGNPOST_ADDRESS : settings })),
    isServed && stage.keep(startSignpost(stage.within('signpost'), settings))
  ])
  return { requests, queries }
}
