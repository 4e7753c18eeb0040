/**
 * The page of a domain: who serves it and why, and what every mail program makes of it.
 */
import type { ClientResult } from '../../conformance/matrix.ts'
import type { Document } from '../../dialects/document.ts'
import type { DnsRecord } from '../../dns/record.ts'
import { type Html, html } from '../../formats/html.ts'
import { expand } from '../../settings/names/placeholder.ts'
import { checkNote } from '../check/check-note.ts'
import type { LastCheck } from '../check/runner.ts'
import { card, mark, table } from '../frame/components.ts'
import { consolePage } from '../frame/page.ts'
import { type CoveredName, certificatesCard } from './certificates-card.ts'
import type { ShownDocument } from './documents.ts'
import { documentsCard } from './documents-card.ts'
import type { FoundDomain, Origin } from './find-domain.ts'
import { matrixCard } from './matrix-card.ts'
import { recordsCard } from './records-card.ts'
import { searchForm } from './search-page.ts'
import { tryCard } from './try-card.ts'

export interface DomainView {
  readonly found: FoundDomain
  readonly rows: readonly ClientResult[]
  readonly documents: readonly ShownDocument[]
  readonly records: readonly DnsRecord[]
  /** Undefined if this service has no certificates for https. */
  readonly names: readonly CoveredName[] | undefined
  /** The last examination of the domain from outside. */
  readonly lastCheck: LastCheck | undefined
  /** Of forms. */
  readonly token: string
  /** Milliseconds since 1970. */
  readonly now: number
}

export function domainPage(view: DomainView): Document {
  const { found, rows, documents, records, names, lastCheck, token, now } = view
  const { domain } = found
  const main = html`${searchForm(domain)}
<ul class="quick"><li><a href="#programs">Programs</a></li><li><a href="#documents">Documents</a></li><li><a href="#records">DNS records</a></li><li><a href="#certificates">Certificates</a></li><li><a href="#try">To try</a></li></ul>
${providerCard(found)}
${checkNote(domain, lastCheck, token)}
${matrixCard(rows, found)}
${documentsCard(documents, domain)}
${recordsCard(records, domain)}
${certificatesCard(names, now)}
${tryCard(found)}`
  return consolePage({ title: domain, path: '/domains', main })
}

const origins: Readonly<Record<Origin, string>> = {
  list: 'listed by name in the settings',
  pattern: 'matched by a pattern in the settings',
  directory: 'found in the directory',
  mx: 'found by its MX records',
  default: 'served by the default provider, as every unlisted domain'
}

function providerCard({ domain, provider, origin, pattern }: FoundDomain): Html {
  const { id, name, username, servers, services } = provider
  return card(
    { id: 'provider', title: 'Provider' },
    html`<dl><dt>Provider</dt><dd><bdi>${name}</bdi> (<code>${id}</code>)</dd>
<dt>Origin</dt><dd>${mark('plain', origin)} ${origins[origin]} ${pattern === '' ? undefined : html`<code>${pattern}</code>`}</dd>
<dt>Login name</dt><dd><code>${provider.looksUpUsers ? 'from users' : username}</code></dd></dl>`,
    table(
      ['Protocol', { title: 'Server', width: 'wide' }, 'Security', 'Authentication'],
      [
        ...servers.map(({ protocol, host, port, security, authentication }) => [
          protocol,
          html`<code>${expand(host, { '%EMAILDOMAIN%': domain })}:${port}</code>`,
          security,
          authentication.join(', ')
        ]),
        ...services.map(({ protocol, url, authentication }) => [
          protocol,
          html`<code>${expand(url, { '%EMAILDOMAIN%': domain })}</code>`,
          'tls',
          authentication.join(', ')
        ])
      ]
    )
  )
}
