/**
 * Which page is at which path.
 */
import { type Document, document } from '../../dialects/document.ts'
import { decodeAddressAgain, queryValue } from '../../formats/query.ts'
import type { Provider } from '../../settings/provider.ts'
import { type Account, isForeignAccount, toSite } from '../../settings/question/account.ts'
import { type Address, toAddress } from '../../settings/question/address.ts'
import type { Awaitable } from '../../settings/question/resolution-order.ts'
import type { Table } from '../../settings/table.ts'
import type { ChosenDevice, Device, DeviceHeaders } from '../../web/devices/choose-device.ts'
import type { pages } from '../../web/pages/pages.ts'
import type { Signature } from '../../web/pages/person-page.ts'
import type { ChosenLanguage } from '../../web/words/choose-language.ts'
import type { Messages } from '../../web/words/messages.ts'
import { weights } from '../limits/rate.ts'

export type Pages = typeof pages

export interface WebAnswer {
  readonly document: Document<string | Buffer>
  /** The domain that the page is about, for the log and the metrics. Default: that of the host that was asked. */
  readonly domain?: string | undefined
}

/** One request for a page. */
export interface WebRequest {
  readonly table: Table
  /** Finds the account of an address, or of the host alone. */
  readonly find: (address?: Address) => Awaitable<Account | undefined>
  /** The Host header as sent. */
  readonly host: string | undefined
  /** Raw, without the question mark. */
  readonly query: string
  /** The last part of the path, where the path has one for a provider. */
  readonly id: string
  readonly acceptLanguage: string | undefined
  /** The headers that the device is guessed from. */
  readonly device: DeviceHeaders
  readonly signature: Signature
}

export interface WebPath {
  readonly url: string
  /** @param query raw. Default: a usual request. @returns of `weights` */
  readonly weightOf?: (query: string) => number
  /** @param id as in `WebRequest`. Default: the page exists */
  readonly isServed?: (table: Table, id: string) => boolean
  readonly write: (pages: Pages, request: WebRequest) => WebAnswer | Promise<WebAnswer>
}

export const webPaths: readonly WebPath[] = [
  { url: '/', write: start },
  { url: '/setup', write: setup, weightOf: query => (asksForPage(query) ? weights.page : weights.usual) },
  { url: '/setup/:id', write: setupOfProvider, isServed: (table, id) => pageOwner(table, id) !== undefined },
  { url: '/robots.txt', write: () => ({ document: robots }) },
  { url: '/favicon.ico', write: favicon }
]

const kept = { 'cache-control': 'public, max-age=86400', 'x-content-type-options': 'nosniff' }

/** Why: an address of the page may hold a mail address. */
const robots = document(
  200,
  { ...kept, 'content-type': 'text/plain; charset=utf-8' },
  'User-agent: *\nDisallow: /setup\n'
)

function asksForPage(query: string): boolean {
  return queryValue(query, 'email') !== undefined
}

function favicon({ icon }: Pages): WebAnswer {
  return { document: document(200, { ...kept, 'content-type': 'image/svg+xml' }, icon) }
}

/** @param typed what was entered instead of an address */
async function start(pages: Pages, request: WebRequest, typed?: string): Promise<WebAnswer> {
  const account = await request.find()
  const provider = ownerOf(request, account)
  const messages = messagesFor(pages, request)
  const device = chosenDevice(pages, request)
  const site = siteOf(request.table)
  return {
    document: pages.startPage({
      messages,
      provider,
      site,
      device,
      domain: account?.domain,
      ...(typed !== undefined && { typed })
    }),
    domain: account?.domain
  }
}

async function setup(pages: Pages, request: WebRequest): Promise<WebAnswer> {
  const { table, find, query, signature } = request
  const typed = queryValue(query, 'email')
  if (typed === undefined) return await start(pages, request)
  const address = toAddress(decodeAddressAgain(typed.trim()))
  if (address === undefined) return await start(pages, request, harmless.test(typed) ? typed : '')
  const messages = messagesFor(pages, request)
  const account = await find(address)
  const domain = account?.domain ?? address.domain
  if (account?.provider.dialects.web !== true) {
    const device = chosenDevice(pages, request)
    return { document: pages.unknownPage({ messages, address, site: siteOf(table), device }), domain }
  }
  if (isForeignAccount(account) && queryValue(query, 'confirmed') !== '1') {
    const device = chosenDevice(pages, request)
    return { document: pages.foreignPage({ messages, provider: account.provider, address, device }), domain }
  }
  const origin = await originOf(request)
  const device = deviceFor(pages, request)
  return { document: pages.personPage({ ...account, address, messages, device, origin, signature }), domain }
}

function setupOfProvider(pages: Pages, request: WebRequest): WebAnswer {
  const { table, id } = request
  const language = languageFor(pages, request)
  const device = deviceFor(pages, request)
  const provider = pageOwner(table, id)
  if (provider !== undefined) return { document: pages.providerPage(provider, { language, device }) }
  const { messages } = language
  const chosen = device.isChosen ? device.device : undefined
  return { document: pages.missingPage({ messages, site: siteOf(table), device: chosen }) }
}

/** @param id in any letter case. @returns the provider, if it has a page */
function pageOwner({ providers }: Table, id: string): Provider | undefined {
  return providers.find(each => each.id === id.toLowerCase() && each.dialects.web)
}

/** Why: a typing error is easier to correct where it is seen, but strangers must not put sentences on the page. */
const harmless = /^[^\p{C}\p{Z}]{1,254}$/u

function messagesFor(pages: Pages, request: WebRequest): Messages {
  return languageFor(pages, request).messages
}

function languageFor({ chooseLanguage }: Pages, { query, acceptLanguage }: WebRequest): ChosenLanguage {
  return chooseLanguage(queryValue(query, 'lang'), acceptLanguage)
}

function deviceFor({ chooseDevice }: Pages, { query, device }: WebRequest): ChosenDevice {
  return chooseDevice(queryValue(query, 'device'), device)
}

/** @returns undefined if the visitor has not chosen a device */
function chosenDevice(pages: Pages, request: WebRequest): Device | undefined {
  const { device, isChosen } = deviceFor(pages, request)
  return isChosen ? device : undefined
}

/** Why not the requested host: a page repeats no header of a request. */
function siteOf({ settings: { http } }: Table): string {
  return http?.title ?? (http?.publicUrl === undefined ? '' : new URL(http.publicUrl).host)
}

/** @returns the provider of a page without an address: that of the host, or the only one */
function ownerOf({ table }: WebRequest, account: Account | undefined): Provider | undefined {
  const [first, ...others] = table.providers
  const provider = account?.provider ?? (others.length === 0 ? first : undefined)
  return provider?.dialects.web === true ? provider : undefined
}

/** @returns where phones reach this service: the configured URL, or the host that was asked, if it is one of the table's */
async function originOf({ table, find, host }: WebRequest): Promise<string | undefined> {
  const { publicUrl } = table.settings.http ?? {}
  if (publicUrl !== undefined) return publicUrl
  const site = (await find()) && toSite(host)
  return site && `https://${site}`
}
