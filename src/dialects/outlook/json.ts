/**
 * Outlook autodiscover in JSON ("v2"). There is no published specification. Requested by Outlook 2019 and later, and by
 * Microsoft's cloud for Outlook mobile (OutlookMobileCloudService-Autodetect). Error codes are those of Exchange.
 */

import { decodeAddressAgain, percentDecode, queryValue } from '../../formats/query.ts'
import { compile, escapeJson } from '../../formats/template.ts'
import { toAddress } from '../../settings/address.ts'
import { expand } from '../../settings/placeholder.ts'
import { type Provider, serviceOf } from '../../settings/provider.ts'
import { type Dialect, type DialectRequest, type Question, type Writer, writerOf } from '../dialect.ts'
import { type Document, document } from '../document.ts'
import { outlook, outlookPath } from './autodiscover.ts'

const path = '/autodiscover/autodiscover.json'

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
  badProtocol: refusal(
    400,
    'InvalidProtocol',
    "The given protocol value is invalid. Supported values are 'ActiveSync,AutodiscoverV1'"
  ),
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
  // Why: the URL uses the host of the domain, because a client could direct a URL made from its Host header anywhere.
  const xmlUrl = writerOf(outlook, provider) && `https://autodiscover.%EMAILDOMAIN%${outlookPath}`
  const writers = new Map([
    ...writerFor('AutodiscoverV1', xmlUrl),
    ...writerFor('ActiveSync', serviceOf(provider, 'activesync')?.url)
  ])
  if (writers.size === 0) return undefined
  return input => writers.get(input.form ?? '')?.(input) ?? refusals.badProtocol
}

/** @returns the writer of a protocol by its lower-case name; nothing without a URL */
function writerFor(protocol: string, url: string | undefined): [form: string, writer: Writer][] {
  if (url === undefined) return []
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
