/**
 * The overview: does the service work, and what has to be changed?
 */
import type { Document } from '../../dialects/document.ts'
import { type Html, html } from '../../formats/html.ts'
import { describePosition, type Finding } from '../../settings/load/finding.ts'
import { card, counted, daysLeft, mark, paragraphs, table, timeOf, when } from '../frame/components.ts'
import { consolePage } from '../frame/page.ts'
import type { CertificateState, LookupState, Overview, ProviderCounts, SettingsState, WorkerState } from './overview.ts'
import { trafficCard } from './traffic-card.ts'

/** Why limited: pages stay small with a file for each of thousands of customers. */
const mostRows = 25

/** @param token of the form that reloads the settings */
export function overviewPage(overview: Overview, token: string): Document {
  const { now, settings, providers, certificates, components, lookups, workers, traffic } = overview
  const main = html`${stateCard(overview)}
${settingsCard(settings, token)}
${trafficCard(traffic)}
${providersCard(providers)}
${certificatesCard(certificates, now)}
${card(
  { id: 'components', title: 'Components' },
  table(
    ['Component', 'State', { title: 'Remark', width: 'wide' }],
    components.map(({ name, ready, remark }) => [
      name,
      ready ? mark('good', 'ready') : mark('bad', 'not ready'),
      remark
    ])
  )
)}
${when(lookups.length > 0, () => lookupsCard(lookups))}
${workers && workersCard(workers)}`
  return consolePage({ title: 'Overview', path: '/', main })
}

function stateCard({ version, startedAt, settings, components }: Overview): Html {
  const errorCount = settings.findings.filter(({ severity }) => severity === 'error').length
  const isReady = components.every(({ ready }) => ready)
  return card(
    { id: 'state', title: 'Service' },
    html`<dl><dt>State</dt><dd>${isReady ? mark('good', 'ready') : mark('bad', 'not ready')}</dd>
<dt>Settings</dt><dd>${errorCount === 0 ? mark('good', 'valid') : mark('bad', counted(errorCount, 'error'))}</dd>
<dt>Version</dt><dd>Signpost ${version}, Node ${process.version}</dd>
<dt>Started</dt><dd>${timeOf(startedAt)}</dd></dl>`
  )
}

function settingsCard({ loadedAt, findings, pendingRestart }: SettingsState, token: string): Html {
  const shown = findings.slice(0, mostRows)
  const isBroken = findings.some(({ severity }) => severity === 'error')
  return card(
    { id: 'settings', title: 'Settings' },
    when(isBroken, () => html`<p class="note">The last good settings stay in use until the errors are fixed.</p>`),
    findings.length === 0 ? paragraphs('There are no findings.') : undefined,
    table(
      ['Position', { title: 'Severity', width: 'narrow' }, { title: 'Finding', width: 'wide' }],
      shown.map(findingRow)
    ),
    when(findings.length > mostRows, () => paragraphs(`And ${counted(findings.length - mostRows, 'more finding')}.`)),
    when(
      pendingRestart.length > 0,
      () => html`<p>${mark('doubtful', 'restart needed')} These changed settings take effect at the next restart:
${pendingRestart.map(path => html` <code>${path}</code>`)}</p>`
    ),
    html`<p class="soft">Read at ${timeOf(loadedAt)}.</p>
<form method="post" action="/reload"><input type="hidden" name="token" value="${token}"><button>Reload settings and keys</button></form>`
  )
}

function findingRow(finding: Finding) {
  const { severity, path, message } = finding
  const tone = ({ error: 'bad', warning: 'doubtful', note: 'plain' } as const)[severity]
  return [
    html`<code>${describePosition(finding)}</code>`,
    mark(tone, severity),
    html`${when(path !== '', () => html`<code>${path}</code>: `)}${message}`
  ]
}

function providersCard({ rows, domains }: ProviderCounts): Html {
  return card(
    { id: 'providers', title: 'Providers' },
    paragraphs(`${counted(rows.length, 'provider')} with ${counted(domains, 'domain')} in the table.`),
    table(
      ['Provider', 'Name', { title: 'Domains', width: 'narrow' }, 'Example'],
      rows
        .slice(0, mostRows)
        .map(({ id, name, domains: count, example }) => [
          id,
          html`<bdi>${name}</bdi>`,
          count.toLocaleString('en'),
          example.startsWith('*') ? html`<code>${example}</code>` : html`<a href="/domains/${example}">${example}</a>`
        ])
    ),
    when(
      rows.length > mostRows,
      () =>
        html`<p>And ${counted(rows.length - mostRows, 'more provider')}: <a href="/domains">search for a domain</a>.</p>`
    )
  )
}

/** Of one certificate. */
const mostNames = 3

function certificatesCard(certificates: readonly CertificateState[], now: number): Html {
  const firstToExpire = certificates.toSorted((a, b) => a.notAfter - b.notAfter)
  const none = 'This service has no certificates: a proxy serves https, and profiles are not signed.'
  return card(
    { id: 'certificates', title: 'Certificates' },
    certificates.length === 0 ? paragraphs(none) : undefined,
    table(
      [{ title: 'Names', width: 'wide' }, 'Use', 'Left', 'Expires'],
      firstToExpire
        .slice(0, mostRows)
        .map(({ use, names, notAfter }) => [
          names.length > mostNames
            ? `${names.slice(0, mostNames).join(', ')} and ${names.length - mostNames} more`
            : names.join(', '),
          use,
          daysLeft(notAfter, now),
          timeOf(notAfter)
        ])
    ),
    when(
      certificates.length > mostRows,
      () => html`<p>And ${counted(certificates.length - mostRows, 'more certificate')}.</p>`
    )
  )
}

function lookupsCard(lookups: readonly LookupState[]): Html {
  return card(
    { id: 'lookups', title: 'Directory and lookups' },
    table(
      ['Lookup', 'State', { title: 'Since the start', width: 'wide' }],
      lookups.map(({ name, up, facts }) => [
        name,
        up === undefined ? mark('plain', 'no state') : up ? mark('good', 'answers') : mark('bad', 'does not answer'),
        facts.map(([fact, count]) => `${fact} ${count.toLocaleString('en')}`).join(', ')
      ])
    )
  )
}

function workersCard({ sizes, counts: { restarts, hangs } }: WorkerState): Html {
  const states = Object.entries(sizes).map(([state, size]) => html`<dt>${state}</dt><dd>${size}</dd>`)
  return card(
    { id: 'workers', title: 'Workers' },
    html`<dl>${states}<dt>replaced after a crash</dt><dd>${restarts}</dd><dt>killed because they hung</dt><dd>${hangs}</dd></dl>`
  )
}
