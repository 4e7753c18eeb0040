/**
 * Guides for mail programs: which programs the page explains, for which providers, and their steps.
 *
 * Each program is a link to its guide. The style shows the guide that the fragment of the URL names, so that this works
 * without JavaScript.
 */
import { type Html, html } from '../../formats/html.ts'
import { loginPattern } from '../../settings/names/login-name.ts'
import { isOauthHostOfThunderbird, isOauthHostOfThunderbirdAndroid } from '../../settings/oauth-hosts.ts'
import { type Provider, preferred, type Server } from '../../settings/provider.ts'
import type { Authentication } from '../../settings/schema.ts'
import type { Device } from '../devices/choose-device.ts'
import { programsOf } from '../devices/programs-of-device.ts'
import { programIcon } from '../frame/icons.ts'
import type { SetupView } from '../pages/setup-view.ts'
import { type DocumentedId, documentedIds, type ProgramId, type ProgramSteps, programIds } from '../words/messages.ts'
import { richText, type SlotValues, steps } from '../words/rich-text.ts'

export interface Program {
  readonly id: ProgramId
  /** As the vendor spells it, not translated. */
  readonly name: string
  readonly isFor: (provider: Provider) => boolean
}

const descriptions: Readonly<Record<ProgramId, Omit<Program, 'id'>>> = {
  iphone: { name: 'Mail', isFor: hasMail },
  mac: { name: 'Apple Mail', isFor: hasMail },
  thunderbird: { name: 'Thunderbird', isFor: servesThunderbird },
  thunderbirdAndroid: { name: 'Thunderbird for Android', isFor: servesThunderbirdAndroid },
  k9: { name: 'K-9 Mail', isFor: servesThunderbirdAndroid },
  outlookClassic: { name: 'Outlook (classic)', isFor: servesOutlook },
  outlookNew: { name: 'New Outlook', isFor: servesOutlook },
  outlook: { name: 'Outlook', isFor: servesOutlook },
  emClient: { name: 'eM Client', isFor: takesPassword },
  evolution: { name: 'Evolution', isFor: hasMail },
  kmail: { name: 'KMail', isFor: hasMail },
  geary: { name: 'Geary', isFor: takesImap },
  fairemail: { name: 'FairEmail', isFor: servesFairEmail },
  samsung: { name: 'Samsung Email', isFor: takesPassword },
  spark: { name: 'Spark', isFor: takesImap },
  deltaChat: { name: 'Delta Chat', isFor: takesImap },
  davx5: { name: 'DAVx⁵', isFor: hasDav },
  gmail: { name: 'Gmail', isFor: takesPassword }
}

export const programs: readonly Program[] = programIds.map(id => ({ id, ...descriptions[id] }))

/** @returns the programs of a device that suit the provider, the recommended one first */
export function programsFor(provider: Provider, device: Device): Program[] {
  return programsOf[device].map(id => ({ id, ...descriptions[id] })).filter(({ isFor }) => isFor(provider))
}

/** Whether there are an incoming and an outgoing server that do not insist on OAuth 2.0. */
function hasMail(provider: Provider): boolean {
  return hasLogins(provider, ({ authentication }) => authentication.some(method => method !== 'oauth2'))
}

/** Observed: Thunderbird supports OAuth 2.0 only for the servers that it knows. */
function servesThunderbird(provider: Provider): boolean {
  return hasMail(provider) || hasLogins(provider, ({ host }) => isOauthHostOfThunderbird(host))
}

/** Observed: Thunderbird for Android rejects documents without an IMAP server, or with a server that needs no login. */
function servesThunderbirdAndroid(provider: Provider): boolean {
  return (
    hasImap(provider) &&
    hasLogins(provider, ({ host, authentication }) =>
      authentication.some(
        method => passwords.includes(method) || (method === 'oauth2' && isOauthHostOfThunderbirdAndroid(host))
      )
    )
  )
}

const passwords: readonly Authentication[] = ['password', 'encrypted-password']

/** Observed: FairEmail finds no settings without an IMAP server, and uses the last user name of a document for all servers. */
function servesFairEmail(provider: Provider): boolean {
  const servers = [preferred(provider, 'pop3'), ...mailServers(provider)].filter(server => server !== undefined)
  const names = servers.map(server => loginPattern(provider, server)).filter(name => name !== undefined)
  return hasImap(provider) && hasMail(provider) && new Set(names).size === 1
}

function hasImap(provider: Provider): boolean {
  return preferred(provider, 'imap') !== undefined
}

/** @returns whether there are an incoming and an outgoing server, and a program can log in to both */
function hasLogins(provider: Provider, logsIn: (server: Server) => boolean): boolean {
  const servers = mailServers(provider)
  return servers.length === 2 && servers.every(logsIn)
}

/** Why: several programs support OAuth 2.0 only for providers that have an agreement with their vendors. */
function takesPassword(provider: Provider): boolean {
  return hasLogins(provider, ({ authentication }) => authentication.includes('password'))
}

function servesOutlook(provider: Provider): boolean {
  return usesExchange(provider) || takesPassword(provider)
}

/** Whether autodiscover sends Outlook to an Exchange service */
function usesExchange({ exchangeUrl, dialects }: Provider): boolean {
  return exchangeUrl !== undefined && (dialects.outlook || dialects['outlook-json'])
}

/** Delta Chat, Geary and Spark do not support POP3. */
function takesImap(provider: Provider): boolean {
  return takesPassword(provider) && hasImap(provider)
}

function hasDav({ services }: Provider): boolean {
  return services.some(({ protocol }) => protocol === 'caldav' || protocol === 'carddav')
}

/** @returns the incoming and the outgoing server in documents for mail programs */
function mailServers(provider: Provider): Server[] {
  const incoming = preferred(provider, 'imap') ?? preferred(provider, 'pop3')
  return [incoming, preferred(provider, 'smtp')].filter(server => server !== undefined)
}

export interface GuidesOptions {
  readonly values: SlotValues
  /** Id of the section that shows all settings. */
  readonly settings: 'servers' | 'services'
}

/** @returns links to the guides of the device, and the guides; undefined if no program suits the provider */
export function programGuides(view: SetupView, { values, settings }: GuidesOptions): Html | undefined {
  const { provider, messages, device, profile, person } = view
  const suitable = programsFor(provider, device)
  if (suitable.length === 0) return undefined
  const { heading, others, byHand } = messages.programs
  const hasProfile = profile !== undefined && person !== undefined && (device === 'iphone' || device === 'mac')
  const named = suitable.map(({ id, name }) => ({ id, name: stepsOf(view, id).name ?? name }))
  const links = named.map(
    ({ id, name }) => html`<li><a href="#${id}" target="_self">${programIcon(id)}${name}</a></li>`
  )
  // Why: where a profile does everything, no other guide is shown until it is chosen.
  return html`<section class="card${hasProfile ? '' : ' first'}" id="programs"><h2>${hasProfile ? others : heading}</h2>
<ul class="choices">${links}</ul>
${named.map(({ id, name }) => guide(view, { id, name, values, hasProfile }))}<p class="soft"><a class="link" href="#${settings}" target="_self">${byHand}</a></p></section>
`
}

interface Guide {
  readonly id: ProgramId
  readonly name: string
  readonly values: SlotValues
  /** Whether the page has a profile for the device. */
  readonly hasProfile: boolean
}

function guide(view: SetupView, { id, name, values, hasProfile }: Guide): Html {
  const { steps: texts, note } = stepsOf(view, id)
  const own = { ...values, program: html`<bdi>${name}</bdi>` }
  const isQuicker = hasProfile && (id === 'iphone' || id === 'mac')
  return html`<article class="guide" id="${id}"><h3>${name}</h3>${isQuicker ? html`<p><a class="link" href="#profile" target="_self">${view.messages.apple.quicker}</a></p>` : undefined}${steps(texts, own)}${
    note === undefined ? undefined : html`<p class="soft">${richText(note, own)}</p>`
  }</article>
`
}

function stepsOf({ provider, messages }: SetupView, id: ProgramId): ProgramSteps {
  const { exchange, steps: words, generic, sparkNote } = messages.programs
  if (isDocumented(id)) {
    const { note, ...own } = words[id]
    const isOutlook = id === 'outlookClassic' || id === 'outlookNew'
    return isOutlook && usesExchange(provider) ? { ...own, steps: [...own.steps.slice(0, 1), exchange] } : words[id]
  }
  if (id !== 'outlook') return { steps: generic, ...(id === 'spark' && { note: sparkNote }) }
  if (usesExchange(provider)) return { steps: [...generic.slice(0, 1), exchange] }
  const { note } = words.outlookNew
  return { steps: generic, ...(note !== undefined && { note }) }
}

function isDocumented(id: ProgramId): id is DocumentedId {
  return documentedIds.some(documented => documented === id)
}
