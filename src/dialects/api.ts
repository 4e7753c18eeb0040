/**
 * An account as JSON, for programs: all data of the table, including alternative servers. `/api/openapi.json` describes it.
 */

import { decodeAddressAgain, queryValue } from '../formats/query.ts'
import { compile, escapeJson } from '../formats/template.ts'
import { fillProvider, personTextNames, personTextsFor } from '../settings/fill-provider.ts'
import type { AnyServer } from '../settings/names/login-name.ts'
import { expand } from '../settings/names/placeholder.ts'
import type { Provider } from '../settings/provider.ts'
import { toAddress } from '../settings/question/address.ts'
import type { Dialect, DialectRequest, Question, Writer } from './dialect.ts'
import { type Document, document } from './document.ts'
import { type LoginSlots, type LoginValues, loginSlots } from './login-slots.ts'

const path = '/api/settings'

export const api: Dialect = {
  name: 'api',
  title: 'JSON for programs',
  routes: [{ method: 'GET', path }],
  crossOrigin: true,
  httpsPath: ({ address }) => `${path}?email=${encodeURIComponent(address?.text ?? '')}`,
  ask,
  compile: write
}

const headers = {
  'content-type': 'application/json; charset=utf-8',
  'cache-control': 'no-store',
  'access-control-allow-origin': '*',
  'x-content-type-options': 'nosniff'
}

const badAddress = document(
  400,
  headers,
  JSON.stringify({ error: 'The parameter email must be one mail address, such as ?email=jane%40example.com' })
)

function ask({ query }: DialectRequest): Question | Document {
  const address = toAddress(decodeAddressAgain(queryValue(query, 'email') ?? ''))
  return address === undefined ? badAddress : { domain: address.domain, address }
}

function write(provider: Provider): Writer {
  const logins = loginSlots(provider)
  const textsOf = personTextsFor(provider)
  const fill = compile(
    ['domain', 'address', ...personTextNames, ...logins.names],
    marks => JSON.stringify(account(fillProvider(provider, marks), marks, logins)),
    escapeJson
  )
  return input => {
    const { domain, address } = input
    if (address === undefined) return badAddress
    const texts = { domain, address: address.text, ...textsOf(address) }
    return document(200, headers, fill({ ...texts, ...logins.fill(input, address) }))
  }
}

interface Marks extends LoginValues {
  readonly domain: string
  readonly address: string
}

/** @param provider with its placeholders replaced */
function account(provider: Provider, marks: Marks, logins: LoginSlots) {
  const { domain, address, login } = marks
  // Why null: without the property, a server has the user name of the account.
  const ownName = (server: AnyServer) => {
    const name = logins.of(marks, server)
    return name === login ? undefined : (name ?? null)
  }
  const here = (text: string) => expand(text, { '%EMAILDOMAIN%': domain })
  const { id, name, shortName, website, webmail, servers, services, exchangeUrl, oauth, password, documentation } =
    provider
  return {
    address,
    username: login,
    domain,
    provider: { id, name, shortName, website, webmail },
    // Why: the order of the table is kept, because mail programs get the first server of each protocol.
    servers: servers.map(server => ({ ...server, host: here(server.host), username: ownName(server) })),
    services: services.map(service => ({ ...service, username: ownName(service) })),
    autodiscover: exchangeUrl && { redirect: here(exchangeUrl) },
    oauth,
    password,
    documentation
  }
}
