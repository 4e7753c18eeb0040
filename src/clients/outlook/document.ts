/**
 * The Autodiscover document as Outlook reads it: MS-OXDSCLI 2.2.4 and "Plan to automatically configure user accounts
 * in Outlook 2010", Microsoft's only documentation for providers without Exchange. The model omits Exchange servers.
 * Why: the model is strict in undocumented cases, because a tolerant model could hide an error.
 */
import { type FoundServer, type Mailbox, Refusal, toMailbox } from '../model/client.ts'
import type { Servers } from '../model/parallel-search.ts'
import { readScopedXml, type ScopedElement, scopedChildren, scopedText } from './scoped-xml.ts'

export type OutlookAnswer =
  /** `isSpa`: Outlook logs in with Secure Password Authentication, which is NTLM. */
  | { readonly kind: 'settings'; readonly servers: Servers; readonly isSpa: boolean }
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'address'; readonly mailbox: Mailbox }

// Spec: MS-OXDSCLI 2.2.2.
const rootNamespace = 'http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006'
const namespace = 'http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a'

/** @param address the login if there is no LoginName. @throws `Refusal` */
export function readAutodiscover(body: string, address: string): OutlookAnswer {
  const root = readScopedXml(body, rootNamespace, 'Autodiscover')
  if (root === undefined) throw new Refusal('no Autodiscover document')
  // Observed: if the schema here is responseschema/2006, without the a, Outlook finds no settings
  // (Monogramm/autodiscover-email-settings 39).
  const [response] = scopedChildren(root, namespace, 'Response')
  if (response === undefined) throw new Refusal(errorOf(root))
  const [account] = scopedChildren(response, namespace, 'Account')
  if (account === undefined || textOf(account, 'AccountType') !== 'email') throw new Refusal('no Account for mail')
  const action = textOf(account, 'Action')
  switch (action) {
    case 'settings':
      return readServers(scopedChildren(account, namespace, 'Protocol'), address)
    case 'redirectUrl':
      return toUrl(textOf(account, 'RedirectUrl'))
    case 'redirectAddr':
      return toAddress(textOf(account, 'RedirectAddr'))
    default:
      throw new Refusal(`Action ${action}`)
  }
}

function toUrl(text = ''): OutlookAnswer {
  if (!URL.canParse(text) || new URL(text).protocol !== 'https:') throw new Refusal(`RedirectUrl ${text}`)
  return { kind: 'url', url: text }
}

function toAddress(text = ''): OutlookAnswer {
  const mailbox = toMailbox(text)
  if (mailbox === undefined) throw new Refusal(`RedirectAddr ${text}`)
  return { kind: 'address', mailbox }
}

// Spec: MS-OXDSCLI 2.2.6: in an error, the Response has the namespace of the root.
function errorOf(root: ScopedElement): string {
  const [response] = scopedChildren(root, rootNamespace, 'Response')
  const [error] = response === undefined ? [] : scopedChildren(response, rootNamespace, 'Error')
  if (error === undefined) return 'no Response of the outlook schema'
  return `error ${scopedText(error, rootNamespace, 'ErrorCode')}`
}

interface Protocol {
  readonly element: ScopedElement
  readonly protocol: 'imap' | 'pop3' | 'smtp'
}

/** Spec: Protocols are in order of preference, and an account has one incoming server. */
function readServers(elements: readonly ScopedElement[], address: string): OutlookAnswer {
  const firstOf = (protocol: Protocol['protocol']) => {
    const element = elements.find(candidate => textOf(candidate, 'Type') === protocol.toUpperCase())
    return element && { element, protocol }
  }
  const receiving = firstOf('imap') ?? firstOf('pop3')
  const sending = firstOf('smtp')
  if (receiving === undefined) throw new Refusal('no IMAP or POP3')
  if (sending === undefined) throw new Refusal('no SMTP')
  const incoming = readServer(receiving, address)
  // Spec: UsePOPAuth: SMTP uses the login of the incoming server.
  const sameLogin = isOn(sending.element, 'UsePOPAuth', false) && { username: incoming.username }
  return {
    kind: 'settings',
    servers: { incoming, outgoing: { ...readServer(sending, address), ...sameLogin } },
    // Spec: SPA (POX): "If this element is not present, the default value is set to on."
    isSpa: [receiving, sending].some(({ element }) => isOn(element, 'SPA', true))
  }
}

function readServer({ element, protocol }: Protocol, address: string): FoundServer {
  const host = textOf(element, 'Server') ?? ''
  if (host === '') throw new Refusal(`${protocol} without a Server`)
  const port = toPort(textOf(element, 'Port'))
  const security = toSecurity(element, port)
  return {
    protocol,
    host,
    port: port ?? defaultPorts[protocol][security],
    security,
    username: isOn(element, 'AuthRequired', true) ? (textOf(element, 'LoginName') ?? address) : undefined
  }
}

const defaultPorts = {
  imap: { tls: 993, starttls: 143, none: 143 },
  pop3: { tls: 995, starttls: 110, none: 110 },
  smtp: { tls: 465, starttls: 587, none: 25 }
}

function toPort(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (port < 1 || port > 65535) throw new Refusal(`Port ${text}`)
  return port
}

/**
 * Spec: MS-OXDSCLI 2.2.4.1.1.2.6.22: Encryption overrides SSL. Observed: TLS means STARTTLS; on port 993, Outlook then waits
 * for a plaintext greeting (stalwartlabs/stalwart 3248).
 */
function toSecurity(element: ScopedElement, port: number | undefined): FoundServer['security'] {
  const encryption = textOf(element, 'Encryption')
  // Spec: SSL (POX): "If unspecified, the default value is set to on."
  if (encryption === undefined) return isOn(element, 'SSL', true) ? 'tls' : 'none'
  // Why: Outlook tries both, and the port decides which one works.
  if (encryption === 'Auto') return [993, 995, 465].includes(port ?? 993) ? 'tls' : 'starttls'
  const security = securities.get(encryption)
  if (security === undefined) throw new Refusal(`Encryption ${encryption}`)
  return security
}

const securities = new Map<string, FoundServer['security']>([
  ['SSL', 'tls'],
  ['TLS', 'starttls'],
  ['None', 'none']
])

/** Why: letter case is ignored because Exchange writes On. Observed: an empty SSL breaks setup (virtualmin-gpl 1184). */
function isOn(element: ScopedElement, name: string, byDefault: boolean): boolean {
  const value = textOf(element, name)
  if (value === undefined) return byDefault
  const small = value.toLowerCase()
  if (small !== 'on' && small !== 'off') throw new Refusal(`${name} ${value}`)
  return small === 'on'
}

function textOf(element: ScopedElement, name: string): string | undefined {
  return scopedText(element, namespace, name)
}
