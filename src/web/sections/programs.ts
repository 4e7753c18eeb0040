/**
 * Instructions for mail programs: which programs the page explains, for which providers, and their steps.
 */
import { type Html, html } from '../../formats/html.ts'
import { type Provider, preferred, type Server } from '../../settings/provider.ts'
import type { SetupView } from '../pages/setup-view.ts'
import { type ProgramId, type ProgramSteps, programIds } from '../words/messages.ts'
import { richText, type SlotValues, steps } from '../words/rich-text.ts'

export interface Program {
  readonly id: ProgramId
  /** As the vendor spells it, not translated. */
  readonly name: string
  /** Operating systems, as the vendors spell them, not translated. */
  readonly systems: string
  readonly isFor: (provider: Provider) => boolean
}

const descriptions: Readonly<Record<ProgramId, Omit<Program, 'id'>>> = {
  iphone: { name: 'iPhone, iPad', systems: 'iOS, iPadOS', isFor: hasMail },
  mac: { name: 'Apple Mail', systems: 'macOS', isFor: hasMail },
  thunderbird: { name: 'Thunderbird', systems: 'Windows, macOS, Linux', isFor: hasMail },
  thunderbirdAndroid: { name: 'Thunderbird for Android', systems: 'Android', isFor: hasMail },
  k9: { name: 'K-9 Mail', systems: 'Android', isFor: hasMail },
  outlookClassic: { name: 'Outlook (classic)', systems: 'Windows', isFor: servesOutlook },
  outlookNew: { name: 'New Outlook', systems: 'Windows, macOS', isFor: servesOutlook },
  evolution: { name: 'Evolution', systems: 'Linux', isFor: hasMail },
  kmail: { name: 'KMail', systems: 'Linux', isFor: hasMail },
  fairemail: { name: 'FairEmail', systems: 'Android', isFor: hasMail },
  deltaChat: { name: 'Delta Chat', systems: 'Android, iOS, Windows, macOS, Linux', isFor: takesChat },
  davx5: { name: 'DAVx⁵', systems: 'Android', isFor: hasDav },
  gmail: { name: 'Gmail', systems: 'Android', isFor: takesPassword }
}

export const programs: readonly Program[] = programIds.map(id => ({ id, ...descriptions[id] }))

/** All mail programs need an incoming and an outgoing server. */
function hasMail(provider: Provider): boolean {
  return mailServers(provider).length === 2
}

/** Why: several programs support OAuth 2.0 only for providers that have an agreement with their vendors. */
function takesPassword(provider: Provider): boolean {
  const servers = mailServers(provider)
  return servers.length === 2 && servers.every(({ authentication }) => authentication.includes('password'))
}

function servesOutlook(provider: Provider): boolean {
  return usesExchange(provider) || takesPassword(provider)
}

/** @returns whether Outlook is sent to an Exchange service */
function usesExchange({ exchangeUrl, dialects }: Provider): boolean {
  return exchangeUrl !== undefined && (dialects.outlook || dialects['outlook-json'])
}

function takesChat(provider: Provider): boolean {
  return takesPassword(provider) && preferred(provider, 'imap') !== undefined
}

function hasDav({ services }: Provider): boolean {
  return services.some(({ protocol }) => protocol === 'caldav' || protocol === 'carddav')
}

/** @returns the incoming and the outgoing server in documents for mail programs */
function mailServers(provider: Provider): Server[] {
  const incoming = preferred(provider, 'imap') ?? preferred(provider, 'pop3')
  return [incoming, preferred(provider, 'smtp')].filter(server => server !== undefined)
}

/** @returns the steps of each program, folded below its name; undefined if no program suits the provider */
export function programSteps({ provider, messages, profile, person }: SetupView, values: SlotValues): Html | undefined {
  const suitable = programs.filter(({ isFor }) => isFor(provider))
  if (suitable.length === 0) return undefined
  const { heading, lead, byHand, exchange, steps: words } = messages.programs
  const wordsOf = (id: ProgramId): ProgramSteps => {
    const { note, ...own } = words[id]
    return usesExchange(provider) && (id === 'outlookClassic' || id === 'outlookNew')
      ? { ...own, steps: [...own.steps.slice(0, 1), exchange] }
      : words[id]
  }
  const hasProfile = profile !== undefined && person !== undefined
  return html`<section id="programs"><h2>${heading}</h2><p>${lead}</p>
<div class="fold">${suitable.map(({ id, name, systems }) => {
    const { name: own = name, steps: texts, note } = wordsOf(id)
    const isApple = id === 'iphone' || id === 'mac'
    return html`<details><summary><span>${own}</span> <small>${systems}</small></summary>${isApple && hasProfile ? html`<p><a href="#profile">${messages.apple.quicker}</a></p>` : undefined}${steps(texts, values)}${
      note === undefined ? undefined : html`<p class="soft">${richText(note, values)}</p>`
    }</details>
`
  })}</div>
<p class="soft">${byHand}</p></section>
`
}
