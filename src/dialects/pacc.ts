/**
 * PACC, the IETF's provider configuration: draft-ietf-mailmaint-pacc-03. One document a domain, whose digest stands in the
 * DNS: the same bytes for everybody, at any time, from every node.
 */
import { escapeJson } from '../formats/json.ts'
import { compile } from '../formats/template.ts'
import { expand } from '../settings/placeholder.ts'
import { defaultPort, logsInByAddress, type Provider, preferred, type Server, serviceOf } from '../settings/provider.ts'
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
  // Spec: draft-ietf-mailmaint-pacc-03: no query; the host ua-auto-config.<domain> tells the domain.
  ask: () => ({ domain: undefined }),
  compile: write,
  obstacle
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
  // Spec: submit since draft -03, smtp until -02. Observed: Himalaya (2026-08) reads -02.
  smtp: ['submit', 'smtp']
} as const

const urlProtocols = ['jmap', 'caldav', 'carddav', 'webdav'] as const

/** @returns the first thing that PACC has no words for */
function obstacle(provider: Provider): string | undefined {
  // Why also where it is looked up: nobody says whom the document is for, and whoever reads it logs in with the address.
  if (!logsInByAddress(provider)) return 'the user name is always the address'
  const servers = serversOf(provider)
  const odd = servers.find(
    ({ protocol, port, security }) => security !== 'tls' || port !== defaultPort(protocol, 'tls')
  )
  if (odd !== undefined) {
    return `a server has implicit TLS on its usual port, and ${odd.protocol} has ${odd.security} on ${odd.port}`
  }
  for (const { protocol, url } of urlsOf(provider)) {
    const { port, pathname } = new URL(url.replaceAll('%EMAILDOMAIN%', 'example.com'))
    if (port !== '') return `a URL has no port, and that of ${protocol} has ${port}`
    if (protocol !== 'jmap' && pathname === '/') return `a DAV URL has a path, and that of ${protocol} has none`
  }
  if (servers.length + urlsOf(provider).length === 0) return 'there is no server that it knows'
  const { password, 'oauth-public': oauth } = authentication(provider)
  return password || oauth ? undefined : 'all servers take a password, or all take OAuth'
}

function write(provider: Provider): Writer | undefined {
  if (obstacle(provider) !== undefined) return undefined
  const fill = compile(['domain'], ({ domain }) => JSON.stringify(configuration(provider, domain)), escapeJson)
  return ({ domain }) => document(200, headers, fill({ domain }))
}

function configuration(provider: Provider, domain: string) {
  const here = (text: string) => expand(text, { '%EMAILDOMAIN%': domain })
  const sockets = serversOf(provider).flatMap(({ protocol, host }) =>
    socketKeys[protocol].map(key => [key, { host: here(host) }] as const)
  )
  const urls = urlsOf(provider).map(({ protocol, url }) => [protocol, { url: here(url) }] as const)
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

/** Spec: password is always there. It tells of no server, so what one of them refuses is left out. */
function authentication(provider: Provider) {
  const offers = [...serversOf(provider), ...urlsOf(provider)].map(server => server.authentication)
  const accept = (...methods: Authentication[]) => offers.every(offer => methods.some(method => offer.includes(method)))
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
