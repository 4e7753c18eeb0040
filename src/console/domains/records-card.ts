/**
 * The DNS records that a domain should have, and what the DNS has.
 */
import type { Document } from '../../dialects/document.ts'
import type { DnsRecord } from '../../dns/record.ts'
import { recordData, writeZonefile } from '../../dns/zone-file.ts'
import { type Html, html } from '../../formats/html.ts'
import type { ComparedRecords } from '../../records/compare-records.ts'
import { card, copyable, counted, mark, table } from '../frame/components.ts'
import { consolePage } from '../frame/page.ts'

/** In seconds. */
const ttl = 3600

export function recordsCard(records: readonly DnsRecord[], domain: string): Html {
  return card(
    { id: 'records', title: 'DNS records it should have' },
    html`<p><a class="button" href="/domains/${domain}/dns">Compare with the DNS</a></p>`,
    table(
      [{ title: 'Name', width: 'wide' }, { title: 'Type', width: 'narrow' }, 'Data'],
      records.map(record => [copyable(`${record.name}.`), record.type, copyable(recordData(record))])
    ),
    html`<details><summary>As a zone file</summary><pre class="copyable" tabindex="0">${writeZonefile(records, { domain, ttl })}</pre></details>`
  )
}

const states = {
  ok: mark('good', 'ok'),
  missing: mark('bad', 'missing'),
  differs: mark('bad', 'differs'),
  failed: mark('doubtful', 'failed')
} as const

/** The page that compares the records of a domain with those in the DNS. */
export function comparedPage(domain: string, compared: readonly ComparedRecords[]): Document {
  const good = compared.filter(({ status }) => status === 'ok').length
  const main = html`<p class="lead">Records as wanted: ${good} of ${counted(compared.length, 'name')}.
<a href="/domains/${domain}">Back to ${domain}</a></p>
${card(
  { id: 'records', title: 'Wanted and live records' },
  table(
    ['Name', { title: 'State', width: 'narrow' }, 'Wanted', 'Live'],
    compared.map(({ name, type, status, wanted, found, fault }) => [
      html`${name}. ${type}`,
      states[status],
      html`${wanted.map(data => html`<span class="line">${copyable(data)}</span>`)}`,
      fault ?? html`${found.map(data => html`<span class="line"><code>${data}</code></span>`)}`
    ])
  )
)}`
  return consolePage({ title: `DNS of ${domain}`, path: '/domains', main })
}
