/**
 * The clientConfig document as Thunderbird reads it: releases-comm-central cf9726f, readFromXML.sys.mjs. The model
 * omits Exchange and news servers.
 */
import { isOauthHostOfThunderbird } from '../../settings/oauth-hosts.ts'
import { type FoundServer, orRefusal, Refusal } from '../model/client.ts'
import type { Servers } from '../model/parallel-search.ts'
import { attribute, child, children, type Jxon, stringOf } from '../xml/jxon.ts'
import { toHost, toPort } from './values.ts'

/** @returns servers whose placeholders are not replaced yet. @throws `Refusal` */
export function readClientConfig(document: Jxon): Servers {
  // Observed: the first of several emailProviders is used.
  const provider = child(child(document, 'clientConfig'), 'emailProvider')
  if (provider === undefined) throw new Refusal('no clientConfig with an emailProvider')
  toHost(attribute(provider, 'id'))
  firstValid(children(provider, 'domain'), toHost, 'no domain')
  return {
    incoming: firstValid(children(provider, 'incomingServer'), toIncoming, 'no incomingServer'),
    // Observed: without an smtp server, the whole file is rejected.
    outgoing: firstValid(children(provider, 'outgoingServer'), toOutgoing, 'no outgoingServer')
  }
}

/** @throws the last `Refusal`, or one with `nothing` if there are no values */
function firstValid<Result>(values: readonly Jxon[], read: (value: Jxon) => Result, nothing: string): Result {
  let refusal = new Refusal(nothing)
  for (const value of values) {
    const result = orRefusal(() => read(value))
    if (!(result instanceof Refusal)) return result
    refusal = result
  }
  throw refusal
}

function toIncoming(server: Jxon): FoundServer {
  const protocol = attribute(server, 'type')
  if (protocol !== 'imap' && protocol !== 'pop3') throw new Refusal(`an incomingServer of type ${protocol}`)
  const host = toHost(child(server, 'hostname'))
  const security = toSecurity(server)
  const port = child(server, 'port')
  expectMethod(server, host, incomingMethods)
  return {
    protocol,
    host,
    // Observed: the port is optional; nsMsgIncomingServer.cpp, GetPort: the default is the port of the protocol.
    port: port === undefined ? defaultPorts[protocol][security] : toPort(port),
    security,
    // Observed: a missing username is the text "undefined", an empty one "true", one with an attribute "[object
    // Object]", and 0123 is 123.
    username: stringOf(child(server, 'username'))
  }
}

const defaultPorts = {
  imap: { tls: 993, starttls: 143, none: 143 },
  pop3: { tls: 995, starttls: 110, none: 110 }
}

function toOutgoing(server: Jxon): FoundServer {
  const protocol = attribute(server, 'type')
  if (protocol !== 'smtp') throw new Refusal(`an outgoingServer of type ${protocol}`)
  const host = toHost(child(server, 'hostname'))
  const port = toPort(child(server, 'port'))
  const security = toSecurity(server)
  const method = expectMethod(server, host, outgoingMethods)
  const username = child(server, 'username')
  const hasLogin = username !== undefined || passwordMethods.has(method)
  return { protocol, host, port, security, username: hasLogin ? stringOf(username) : undefined }
}

/** The first known type, without trimming and case-sensitive. */
function toSecurity(server: Jxon): FoundServer['security'] {
  const types = children(server, 'socketType').map(stringOf)
  const known = types.find(type => Object.hasOwn(securities, type))
  const security = known === undefined ? undefined : securities[known]
  if (security === undefined) throw new Refusal(`socketType ${types.join(', ') || 'missing'}`)
  return security
}

const securities: Readonly<Record<string, FoundServer['security']>> = {
  plain: 'none',
  SSL: 'tls',
  STARTTLS: 'starttls'
}

/** @returns the first known method. Observed: OAuth2 is known only for the hosts in OAuth2Providers.sys.mjs. */
function expectMethod(server: Jxon, host: string, known: ReadonlySet<string>): string {
  const methods = children(server, 'authentication').map(stringOf)
  const method = methods.find(name => known.has(name) || (name === 'OAuth2' && isOauthHostOfThunderbird(host)))
  if (method === undefined) throw new Refusal(`no usable authentication: ${methods.join(', ') || 'none'}`)
  return method
}

// Observed: `plain` and `secure` are old names that are still supported.
const passwordMethods = new Set(['password-cleartext', 'plain', 'password-encrypted', 'secure'])
const incomingMethods = new Set([...passwordMethods, 'GSSAPI', 'NTLM'])
const outgoingMethods = new Set([...incomingMethods, 'none', 'client-IP-address', 'smtp-after-pop'])
