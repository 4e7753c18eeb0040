/**
 * The documents that Signpost serves for the simplest table, imap 993 and smtp 465 with TLS, and their servers.
 */
import type { FoundAccount, FoundServer } from '../../../src/clients/model/client.ts'
import { writerOf } from '../../../src/dialects/dialect.ts'
import { outlook } from '../../../src/dialects/outlook/autodiscover.ts'
import { thunderbird } from '../../../src/dialects/thunderbird/autoconfig.ts'
import { toAddress } from '../../../src/settings/question/address.ts'
import { tableOf } from '../table-of.ts'

export const address = 'jane@example.com'

const { providers } = tableOf(`
providers:
  - id: example
    name: Example Mail
    domains: [example.com]
    servers:
      - { protocol: imap, host: imap.example.com }
      - { protocol: smtp, host: smtp.example.com }
`)

function write(dialect: typeof outlook): string {
  const [provider] = providers
  const writer = provider && writerOf(dialect, provider)
  if (provider === undefined || writer === undefined) throw new Error('the table serves nothing')
  return writer({ provider, domain: 'example.com', address: toAddress(address), personName: undefined }).body
}

export const clientConfig = write(thunderbird)
export const autodiscover = write(outlook)

export const imap: FoundServer = {
  protocol: 'imap',
  host: 'imap.example.com',
  port: 993,
  security: 'tls',
  username: address
}
export const smtp: FoundServer = { ...imap, protocol: 'smtp', host: 'smtp.example.com', port: 465 }

/** @returns the account for SRV records of example.com that name two hosts, on the standard ports with implicit TLS */
export function namedByRecords(incoming: string, outgoing: string): FoundAccount {
  return {
    incoming: { ...imap, host: incoming, username: undefined },
    outgoing: { ...smtp, host: outgoing, username: undefined },
    from: 'SRV example.com'
  }
}

/** @param changes replacements in the plain document, each at its first occurrence. Throws if a text is missing. */
export function changed(changes: Readonly<Record<string, string>>, document = clientConfig): string {
  return Object.entries(changes).reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`not in the document: ${from}`)
    return text.replace(from, () => to)
  }, document)
}
