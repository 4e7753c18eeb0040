/**
 * PACC, the provider configuration of the IETF: draft-ietf-mailmaint-pacc-03. There is one document for each domain. Its
 * digest is in the DNS, so all nodes must always serve the same bytes to all clients.
 */
import { compile, escapeJson } from '../formats/template.ts'
import { fillProvider, withoutPerson } from '../settings/fill-provider.ts'
import { logsInByAddress } from '../settings/names/login-name.ts'
import { expand } from '../settings/names/placeholder.ts'
import { defaultPort, type Provider, preferred, type Server, serviceOf } from '../settings/provider.ts'
import type { Authentication } from '../settings/schema.ts'
import type { Dialect, Writer } from './dialect.ts'
import { document } from './document.ts'

const path = '/.well-known/user-agent-configuration.json'

export const pacc: Dialect = {
  name: 'pacc',
  title: 'PACC',
  routes: [{ method: 'GET', path }],
  crossOrigin: true,
  httpsPath: () => path,
  staysAtHost: true,
  // Spec: draft-ietf-mailmaint-pacc-03: requests have no query; the host ua-auto-config.<domain> names the domain.
  ask: () => ({ domain: undefined }),
  compile: write,
  unsupportedReason
}

const headers = {
  'content-type': 'application/json',
  'cache-control': 'public, max-age=3600',
  'access-control-allow-origin': '*',
  'x-content-type-options': 'nosniff'
}

const socketKeys = {
  imap: ['imap'],
  pop3: ['pop3'],
  // Spec: the key is submit since draft -03 and was smtp until -02. Observed: Himalaya (2026-08) implements -02.
  smtp: ['submit', 'smtp']
} as const

const urlProtocols = ['jmap', 'caldav', 'carddav', 'webdav'] as const

/** @returns the first reason why PACC cannot express the provider */
function unsupportedReason(provider: Provider): string | undefined {
  // Why: looked-up login names cannot be expressed either. The document is the same for everyone, and clients log in with
  // the address.
  if (!logsInByAddress(provider)) return 'it needs the address as user name'
  const servers = serversOf(provider)
  const unsupported = servers.find(
    ({ protocol, port, security }) => security !== 'tls' || port !== defaultPort(protocol, 'tls')
  )
  if (unsupported !== undefined) {
    const { protocol, security, port } = unsupported
    return `it needs implicit TLS on the standard ports; ${protocol} uses ${security} on ${port}`
  }
  for (const { protocol, url } of urlsOf(provider)) {
    const { port, pathname } = new URL(withoutPerson(url).replaceAll('%EMAILDOMAIN%', 'example.com'))
    if (port !== '') return `it needs URLs without a port; ${protocol} uses ${port}`
    if (protocol !== 'jmap' && pathname === '/') return `it needs DAV URLs with a path; ${protocol} has none`
  }
  if (servers.length + urlsOf(provider).length === 0) return 'it supports none of the servers'
  const { password, 'oauth-public': oauth } = authentication(provider)
  return password || oauth ? undefined : 'it needs a password on all servers, or OAuth on all of them'
}

function write(provider: Provider): Writer | undefined {
  if (unsupportedReason(provider) !== undefined) return undefined
  const fill = compile(['domain'], ({ domain }) => JSON.stringify(configuration(provider, domain)), escapeJson)
  return ({ domain }) => document(200, headers, fill({ domain }))
}

function configuration(unfilled: Provider, domain: string) {
  const provider = fillProvider(unfilled, { domain })
  const sockets = serversOf(provider).flatMap(({ protocol, host }) =>
    socketKeys[protocol].map(key => [key, { host: expand(host, { '%EMAILDOMAIN%': domain }) }] as const)
  )
  const urls = urlsOf(provider).map(({ protocol, url }) => [protocol, { url }] as const)
  const [help] = provider.documentation
  return {
    protocols: Object.fromEntries([...urls, ...sockets]),
    authentication: authentication(provider),
    info: {
      provider: { name: provider.name, shortName: provider.shortName },
      ...(help && { help: { documentation: help.url } })
    }
  }
}

/** Spec: password is required. Methods apply to all servers, so only those that all servers accept are included. */
function authentication(provider: Provider) {
  const accepted = [...serversOf(provider), ...urlsOf(provider)].map(server => server.authentication)
  const accept = (...methods: Authentication[]) => accepted.every(list => methods.some(method => list.includes(method)))
  return {
    ...(provider.oauth && accept('oauth2') && { 'oauth-public': { issuer: provider.oauth.issuer } }),
    password: accept('password', 'encrypted-password')
  }
}

type MailServer = Server & { readonly protocol: keyof typeof socketKeys }

function serversOf(provider: Provider): MailServer[] {
  return (['imap', 'pop3', 'smtp'] as const).flatMap(protocol => {
    const server = preferred(provider, protocol)
    return server === undefined ? [] : [{ ...server, protocol }]
  })
}

function urlsOf(provider: Provider) {
  return urlProtocols.map(protocol => serviceOf(provider, protocol)).filter(service => service !== undefined)
}
