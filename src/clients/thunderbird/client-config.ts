/**
 * The clientConfig document as Thunderbird reads it: releases-comm-central cf9726f, readFromXML.sys.mjs. Exchange and news
 * servers are left out.
 */

import type { FoundServer } from '../model/client.ts'
import type { Servers } from '../model/parallel-search.ts'
import { orRefusal, Refusal } from '../model/refusal.ts'
import { attribute, child, children, type Jxon, stringOf } from '../xml/jxon.ts'
import { toHost, toPort } from './values.ts'

/** @returns servers with placeholders in them. @throws `Refusal` */
export function readClientConfig(document: Jxon): Servers {
  // Observed: of several emailProviders the first.
  const provider = child(child(document, 'clientConfig'), 'emailProvider')
  if (provider === undefined) throw new Refusal('no clientConfig with an emailProvider')
  toHost(attribute(provider, 'id'))
  firstValid(children(provider, 'domain'), toHost, 'no domain')
  return {
    incoming: firstValid(children(provider, 'incomingServer'), toIncoming, 'no incomingServer'),
    // Observed: without an smtp server the whole file is refused.
    outgoing: firstValid(children(provider, 'outgoingServer'), toOutgoing, 'no outgoingServer')
  }
}

/** @throws the last `Refusal`, or `nothing` where there is no value */
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
  expectMethod(server, incomingMethods)
  return {
    protocol,
    host,
    // Observed: a port may be missing; nsMsgIncomingServer.cpp, GetPort: then it is the protocol's own.
    port: port === undefined ? defaultPorts[protocol][security] : toPort(port),
    security,
    // Observed: a username that is missing is the text "undefined", an empty one "true", one with an attribute
    // "[object Object]", and 0123 is 123.
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
  const method = expectMethod(server, outgoingMethods)
  const username = child(server, 'username')
  const hasLogin = username !== undefined || passwordMethods.has(method)
  return { protocol, host, port, security, username: hasLogin ? stringOf(username) : undefined }
}

/** The first that is known, untrimmed and in this letter case. */
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

/** @returns the first method that is known */
function expectMethod(server: Jxon, known: ReadonlySet<string>): string {
  const methods = children(server, 'authentication').map(stringOf)
  const method = methods.find(name => known.has(name))
  if (method === undefined) throw new Refusal(`no usable authentication: ${methods.join(', ') || 'none'}`)
  return method
}

// Observed: `plain` and `secure` are old names that it still knows. Why without OAuth2: it counts only for hosts in
// OAuth2Providers.sys.mjs, all of them of a few large providers.
const passwordMethods = new Set(['password-cleartext', 'plain', 'password-encrypted', 'secure'])
const incomingMethods = new Set([...passwordMethods, 'GSSAPI', 'NTLM'])
const outgoingMethods = new Set([...incomingMethods, 'none', 'client-IP-address', 'smtp-after-pop'])
