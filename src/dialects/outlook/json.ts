/**
 * Outlook autodiscover in JSON ("v2"). There is no published specification. Requested by Outlook 2019 and later, and by
 * Microsoft's cloud for Outlook mobile (OutlookMobileCloudService-Autodetect). Error codes are those of Exchange.
 */

import { decodeAddressAgain, percentDecode, queryValue } from '../../formats/query.ts'
import { compile, escapeJson } from '../../formats/template.ts'
import { expand } from '../../settings/names/placeholder.ts'
import { type Provider, serviceOf } from '../../settings/provider.ts'
import { toAddress } from '../../settings/question/address.ts'
import { type Dialect, type DialectRequest, type Question, type Writer, writerOf } from '../dialect.ts'
import { type Document, document } from '../document.ts'
import { outlook, outlookPath } from './autodiscover.ts'
import { redirect } from './exchange-redirect.ts'

const path = '/autodiscover/autodiscover.json'

const services = { ActiveSync: 'activesync', EWS: 'ews', Graph: 'graph' } as const

export const outlookJson: Dialect = {
  name: 'outlook-json',
  title: 'Outlook autodiscover in JSON',
  routes: [
    { method: 'GET', path },
    // Observed: Outlook 16.0.17726 sends the address in the path.
    { method: 'GET', path: `${path}/v1.0/:address` }
  ],
  crossOrigin: false,
  httpsPath: ({ address, form = '' }) =>
    `${path}?Email=${encodeURIComponent(address?.text ?? '')}&Protocol=${encodeURIComponent(form)}`,
  forms: ['autodiscoverv1', ...Object.keys(services).map(name => name.toLowerCase())],
  needsForm: true,
  namesHost: true,
  ask,
  compile: write
}

const headers = {
  'content-type': 'application/json; charset=utf-8',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff'
}

/** Number of redirects after which a client gets an error. */
const mostRedirects = 10

// Why: unlike the messages of Exchange, these do not repeat the invalid value. Responses never reflect what clients send.
const refusals = {
  noProtocol: refusal(
    400,
    'MandatoryParameterMissing',
    "A valid value must be provided for the query parameter 'Protocol'"
  ),
  noAddress: refusal(400, 'MandatoryParameterMissing', 'A valid smtp address must be provided'),
  badAddress: refusal(400, 'InvalidUserId', 'The given SMTP address is invalid'),
  redirected: refusal(404, 'NotFound', 'The maximum number of redirects has been reached')
}

function ask({ url, query }: DialectRequest): Question | Document {
  const protocol = queryValue(query, 'protocol')
  if (protocol === undefined || protocol === '') return refusals.noProtocol
  const typed = addressInPath(url) ?? queryValue(query, 'email')
  if (typed === undefined || typed === '') return refusals.noAddress
  const form = protocol.toLowerCase()
  const address = toAddress(decodeAddressAgain(typed))
  // Why: the host knows the domain of an address that is encoded too often, and the answer does not contain the address.
  if (address === undefined && !isEncoded(typed)) return refusals.badAddress
  if (Number(queryValue(query, 'redirectcount') ?? 0) >= mostRedirects) return refusals.redirected
  // Observed: Outlook 2019 writes Autodiscoverv1, others AutodiscoverV1.
  return address === undefined ? { domain: undefined, form } : { domain: address.domain, address, form }
}

/** @returns whether the @ of an address is still encoded */
function isEncoded(typed: string): boolean {
  return !typed.includes('@') && /%(?:25)*40/.test(typed)
}

/** @returns the part of the path after the version, if there is one */
function addressInPath(url: string): string | undefined {
  const [, encoded] = /^[^?]*\/v1\.0\/([^/?]+)/i.exec(url) ?? []
  return encoded === undefined ? undefined : percentDecode(encoded)
}

function write(provider: Provider): Writer | undefined {
  const { exchangeUrl } = provider
  const names = Object.keys(services) as (keyof typeof services)[]
  const writers = new Map([
    ...(exchangeUrl === undefined ? xmlWriter(provider) : writerFor('AutodiscoverV1', exchangeUrl)),
    ...names.flatMap(name => {
      const { url } = serviceOf(provider, services[name]) ?? {}
      return url === undefined ? redirectFor(name, exchangeUrl) : writerFor(name, url)
    })
  ])
  if (writers.size === 0) return undefined
  const badProtocol = unsupported(names.filter(name => name === 'ActiveSync' || writers.has(name.toLowerCase())))
  return input => writers.get(input.form ?? '')?.(input) ?? badProtocol
}

/**
 * The URL of the XML document at this service: at `http.publicUrl`, otherwise at the host that the client has reached.
 *
 * Why: a customer's domain may have only an SRV record, and then autodiscover.<domain> does not exist. Why only hosts of the
 * table: a client could direct such a URL anywhere.
 */
function xmlWriter(provider: Provider): [form: string, writer: Writer][] {
  const { publicUrl } = provider
  if (writerOf(outlook, provider) === undefined) return []
  if (publicUrl !== undefined) return writerFor('AutodiscoverV1', `${publicUrl}${outlookPath}`)
  return writerFor('AutodiscoverV1', `https://autodiscover.%EMAILDOMAIN%${outlookPath}`).map(([form, usual]) => {
    const atHost = compile(
      ['host'],
      ({ host }) => JSON.stringify({ Protocol: 'AutodiscoverV1', Url: `https://${host}${outlookPath}` }),
      escapeJson
    )
    const writer: Writer = input => {
      const { servedHost: host } = input
      return host === undefined ? usual(input) : document(200, headers, atHost({ host }))
    }
    return [form, writer]
  })
}

/** Observed: Exchange lists the values that it supports. */
function unsupported(names: readonly string[]): Document {
  const supported = [...names, 'AutodiscoverV1'].sort().join(',')
  return refusal(400, 'InvalidProtocol', `The given protocol value is invalid. Supported values are '${supported}'`)
}

/**
 * Why: the table does not have the URL of this protocol, but Exchange answers the same question at the host of its
 * Autodiscover service. Observed: Exchange redirects such questions for mailboxes in the cloud in the same way (RedirectCount).
 */
function redirectFor(protocol: string, exchangeUrl: string | undefined): [form: string, writer: Writer][] {
  if (exchangeUrl === undefined) return []
  const url = exchangeUrl.slice(0, -outlookPath.length) + path
  const writer: Writer = ({ domain, address }) => {
    if (address === undefined) return refusals.badAddress
    const query = `Email=${encodeURIComponent(address.text)}&Protocol=${protocol}&RedirectCount=1`
    return redirect(`${expand(url, { '%EMAILDOMAIN%': domain })}?${query}`)
  }
  return [[protocol.toLowerCase(), writer]]
}

/** @returns the writer of a protocol by its lower-case name */
function writerFor(protocol: string, url: string): [form: string, writer: Writer][] {
  const fill = compile(
    ['domain'],
    ({ domain }) => JSON.stringify({ Protocol: protocol, Url: expand(url, { '%EMAILDOMAIN%': domain }) }),
    escapeJson
  )
  return [[protocol.toLowerCase(), ({ domain }) => document(200, headers, fill({ domain }))]]
}

function refusal(status: number, code: string, message: string): Document {
  // Observed: Exchange adds this header to its errors.
  return document(status, { ...headers, jsonerror: 'true' }, JSON.stringify({ ErrorCode: code, ErrorMessage: message }))
}
