/**
 * Geary. It never sends the address, and ignores the status of responses.
 */
import { withoutDoctype } from '../formats/xml.ts'
import { elements, readXmlTree, type XmlTree } from '../formats/xml-tree.ts'
import type { Client, FoundAccount, FoundServer, Mailbox } from './model/client.ts'
import { createDiscover, type Tracer } from './model/tracer.ts'

export const geary: Client = {
  name: 'geary',
  title: 'Geary',
  release: 'source of 2026-08; compared with 43.0',
  source: 'GNOME/geary 3e8d4f1 (2026-08)',
  takes: 'the first servers, if they are imap and smtp; always the address as login name',
  discover: createDiscover(search)
}

const crash = 'crashes: no emailProvider'

async function search({ domain, typedDomain }: Mailbox, { follow, note }: Tracer): Promise<FoundAccount | string> {
  // Observed: GNOME/geary 3e8d4f1, src/client/accounts/accounts-autoconfig.vala: get_config requests only these two.
  const urls = [
    `https://autoconfig.${domain}/mail/config-v1.1.xml`,
    `https://autoconfig.thunderbird.net/v1.1/${encodeURIComponent(typedDomain)}`
  ]
  for (const asked of urls) {
    // Observed: …/accounts-autoconfig.vala: get_config_for_uri reads any response from libsoup, which follows 20
    // redirects.
    const { response, url } = await follow({ method: 'GET', url: asked, headers: {} }, { most: 20 })
    if (response === undefined) continue
    const read = readConfig(response.body, url)
    if (typeof read !== 'string') {
      note('used')
      return read
    }
    note(`refused: ${read}`)
    if (read === crash) return crash
  }
  // Observed: …/accounts-editor-add-pane.vala: set_server_settings_from_hostname.
  return `proposes imap.${typedDomain} and smtp.${typedDomain}`
}

// Observed: …/accounts-autoconfig.vala: get_config_for_xml.
function readConfig(body: string, from: string): FoundAccount | string {
  const root = readXmlTree(withoutDoctype(body))
  if (root === undefined) return 'not XML'
  const provider = elements(root, 'emailProvider')[0]
  // Observed: get_node(email_provider, …) dereferences a null pointer.
  if (provider === undefined) return crash
  const incoming = elements(provider, 'incomingServer')[0]
  const outgoing = elements(provider, 'outgoingServer')[0]
  if (incoming === undefined || outgoing === undefined) return 'no incoming or no outgoing server'
  if (incoming.attributes.type !== 'imap' || outgoing.attributes.type !== 'smtp') {
    return 'the first servers are not imap and smtp'
  }
  return { incoming: toServer(incoming, 'imap'), outgoing: toServer(outgoing, 'smtp'), from }
}

function toServer(element: XmlTree, protocol: 'imap' | 'smtp'): FoundServer {
  return {
    protocol,
    host: textOf(element, 'hostname'),
    // Observed: …/accounts-editor-add-pane.vala: (uint16) uint.parse (…) converts invalid numbers to 0.
    port: Number.parseInt(textOf(element, 'port'), 10) & 0xffff,
    security: securities[textOf(element, 'socketType')] ?? 'none',
    // Observed: …/accounts-editor-add-pane.vala: on_email_row_changed uses the address as login name.
    username: undefined
  }
}

// Observed: …/accounts-autoconfig.vala: get_tls_method does not trim.
const securities: Readonly<Record<string, FoundServer['security']>> = { SSL: 'tls', STARTTLS: 'starttls' }

// Observed: …/accounts-autoconfig.vala: get_node_value uses the first element of that name with all text in it, or an
// empty text.
function textOf(element: XmlTree, name: string): string {
  return elements(element, name).slice(0, 1).map(contentOf).join('')
}

function contentOf({ children }: XmlTree): string {
  return children.map(child => (typeof child === 'string' ? child : contentOf(child))).join('')
}
