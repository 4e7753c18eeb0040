/**
 * Outlook autodiscover in JSON ("v2"). No specification is published; asked by Outlook 2019 and later and by Microsoft's
 * cloud on behalf of Outlook mobile (OutlookMobileCloudService-Autodetect). Error codes as Exchange answers them.
 */
import { escapeJson } from '../../formats/json.ts'
import { percentDecode } from '../../formats/percent.ts'
import { queryValue } from '../../formats/query.ts'
import { compile } from '../../formats/template.ts'
import { toAddress } from '../../settings/address.ts'
import { expand } from '../../settings/placeholder.ts'
import { type Provider, serviceOf } from '../../settings/provider.ts'
import type { Dialect, Inquiry, Question, Writer } from '../dialect.ts'
import { type Document, document } from '../document.ts'
import { writerOf } from '../writer-of.ts'
import { outlook, outlookPath } from './autodiscover.ts'

const path = '/autodiscover/autodiscover.json'

export const outlookJson: Dialect = {
  name: 'outlook-json',
  title: 'Outlook autodiscover in JSON',
  routes: [
    { method: 'GET', path },
    // Observed: Outlook 16.0.17726 asks with the address in the path.
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

/** How often a client may have been sent on before it is told to stop. */
const mostRedirects = 10

// Why no echo of the value, which Exchange has in its messages: nothing of a stranger's comes back.
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

function ask({ url, query }: Inquiry): Question | Document {
  const protocol = queryValue(query, 'protocol')
  if (protocol === undefined || protocol === '') return refusals.noProtocol
  const typed = addressInPath(url) ?? queryValue(query, 'email')
  if (typed === undefined || typed === '') return refusals.noAddress
  const address = toAddress(typed)
  if (address === undefined) return refusals.badAddress
  if (Number(queryValue(query, 'redirectcount') ?? 0) >= mostRedirects) return refusals.redirected
  // Observed: Outlook 2019 writes Autodiscoverv1, others AutodiscoverV1.
  return { domain: address.domain, address, form: protocol.toLowerCase() }
}

/** @returns the last part of the path, where the path has one behind the version */
function addressInPath(url: string): string | undefined {
  const [, encoded] = /^[^?]*\/v1\.0\/([^/?]+)/i.exec(url) ?? []
  return encoded === undefined ? undefined : percentDecode(encoded)
}

function write(provider: Provider): Writer | undefined {
  // Why the domain's own host, and not the one asked: a URL made from a Host header leads wherever that says.
  const xmlUrl = writerOf(outlook, provider) && `https://autodiscover.%EMAILDOMAIN%${outlookPath}`
  const writers = new Map([
    ...answer('AutodiscoverV1', xmlUrl),
    ...answer('ActiveSync', serviceOf(provider, 'activesync')?.url)
  ])
  if (writers.size === 0) return undefined
  return subject => writers.get(subject.form ?? '')?.(subject) ?? refusals.badProtocol
}

/** @returns the writer of a protocol under its name in small letters; none without a URL */
function answer(protocol: string, url: string | undefined): [form: string, writer: Writer][] {
  if (url === undefined) return []
  const fill = compile(
    ['domain'],
    ({ domain }) => JSON.stringify({ Protocol: protocol, Url: expand(url, { '%EMAILDOMAIN%': domain }) }),
    escapeJson
  )
  return [[protocol.toLowerCase(), ({ domain }) => document(200, headers, fill({ domain }))]]
}

function refusal(status: number, code: string, message: string): Document {
  // Observed: Exchange marks its errors with this header.
  return document(status, { ...headers, jsonerror: 'true' }, JSON.stringify({ ErrorCode: code, ErrorMessage: message }))
}
