/**
 * The page about the models of mail programs: where each comes from, what it reads, its pitfalls, and its share of the requests.
 */
import { davClients } from '../../clients/dav/index.ts'
import { clients } from '../../clients/index.ts'
import type { Client } from '../../clients/model/client.ts'
import type { KnownFailures } from '../../conformance/known-failures.ts'
import type { Document } from '../../dialects/document.ts'
import { type Html, html } from '../../formats/html.ts'
import { card, paragraphs, table } from '../frame/components.ts'
import { consolePage } from '../frame/page.ts'
import { sums, type Traffic } from '../traffic/history.ts'

/** The family of the User-Agent header under which requests of a program are counted. Other programs cannot be distinguished. */
const families: Readonly<Record<string, string>> = {
  thunderbird: 'thunderbird',
  'thunderbird-android': 'android',
  'thunderbird-ios': 'apple',
  'outlook-classic': 'outlook',
  'outlook-cloud': 'outlook',
  apple: 'apple',
  evolution: 'evolution',
  fairemail: 'fairemail',
  emailengine: 'emailengine'
}

export function programsPage({ hours }: Traffic, failures: KnownFailures): Document {
  const counts = sums(hours, 'clients')
  const total = counts.reduce((sum, [, count]) => sum + count, 0)
  const shares = new Map(counts.map(([family, count]) => [family, `${((100 * count) / total).toFixed(1)} %`]))
  const main = html`<p class="lead">Models of ${clients.length + davClients.length} programs, made from their source code or from observed requests.</p>
${card(
  { id: 'shares', title: 'Requests of the last 24 hours' },
  total === 0 ? paragraphs('There were no requests.') : undefined,
  table(
    ['Family', 'Requests', 'Share'],
    counts.map(([family, count]) => [family, count.toLocaleString('en'), shares.get(family)])
  ),
  paragraphs('Programs are counted by the family in their User-Agent header.')
)}
${card(
  { id: 'mail', title: 'Mail programs' },
  clients.map(client => programItem(client, { shares, failures: failures.get(client.name) }))
)}
${card(
  { id: 'dav', title: 'Calendars and contacts' },
  davClients.map(
    ({ name, title, release, takes, source }) =>
      html`<details class="step" id="${name}"><summary><span>${title}</span> <small>${release}</small></summary>
<dl><dt>Reads</dt><dd>${takes}</dd><dt>Fails if</dt><dd>${list(failures.get(name), 'no known failure')}</dd><dt>Source</dt><dd>${source}</dd></dl></details>
`
  )
)}`
  return consolePage({ title: 'Programs', path: '/programs', main })
}

interface Item {
  readonly shares: ReadonlyMap<string, string>
  readonly failures: readonly string[] | undefined
}

function programItem({ name, title, release, source, takes, changes }: Client, { shares, failures }: Item): Html {
  const family = families[name]
  const share = family === undefined ? 'not counted separately' : `${shares.get(family) ?? '0.0 %'} (${family})`
  return html`<details class="step" id="${name}"><summary><span>${title}</span> <small>${release}</small></summary>
<dl><dt>Reads</dt><dd>${takes}</dd><dt>Fails if</dt><dd>${list(failures, 'no known failure')}</dd>
<dt>Earlier releases</dt><dd>${list(changes, 'no known difference')}</dd>
<dt>Source</dt><dd>${source}</dd><dt>Share of requests</dt><dd>${share}</dd></dl></details>
`
}

function list(texts: readonly string[] = [], none: string): Html | string {
  return texts.length === 0 ? none : html`<ul>${texts.map(text => html`<li>${text}</li>`)}</ul>`
}
