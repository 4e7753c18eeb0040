/**
 * PACC, the IETF's provider configuration: draft-ietf-mailmaint-pacc-03. One document a domain, whose digest stands in the
 * DNS: the same bytes for everybody, at any time, from every node.
 */

import { escapeJson } from '../formats/json.ts'
import { compile } from '../formats/template.ts'
import { expand } from '../settings/placeholder.ts'
import { defaultPort, type Provider, preferred, type Server, serviceOf } from '../settings/provider.ts'
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
  if (provider.username !== '%EMAILADDRESS%') return 'the user name is always the address'
  const servers = serversOf(provider)
  const odd = servers.find(
    ({ protocol, port, security }) => security !== 'tls' || port !== defaultPort(protocol, 'tls')
  )
  if (odd !== undefined) {
    return `a server has implicit TLS on its usual port, and ${odd.protocol} has ${odd.security} on ${odd.port}`
  }
  const oddUrl = urlsOf(provider).find(({ url }) => new URL(url.replaceAll('%EMAILDOMAIN%', 'example.com')).port !== '')
  if (oddUrl !== undefined) return `a URL has no port, and that of ${oddUrl.protocol} has one`
  return servers.length + urlsOf(provider).length === 0 ? 'there is no server that it knows' : undefined
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
    authentication: {
      ...(provider.oauth && { 'oauth-public': { issuer: provider.oauth.issuer } }),
      password: acceptsPassword(provider)
    },
    info: {
      provider: { name: provider.name, shortName: provider.shortName },
      ...(help && { help: { documentation: help.url } })
    }
  }
}

function acceptsPassword(provider: Provider): boolean {
  return serversOf(provider).every(({ authentication }) =>
    authentication.some(method => method === 'password' || method === 'encrypted-password')
  )
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
