/**
 * The result of a check from outside.
 */
import { dateOf, type Finding } from '../../doctor/finding.ts'
import { lastOf } from '../../doctor/look/examination.ts'
import { dnsRows } from '../../doctor/report/dns-rows.ts'
import { affectedPrograms } from '../../doctor/report/verdict.ts'
import type { Evidence } from '../../doctor/rules/evidence.ts'
import { remedyOf } from '../../doctor/rules/program.ts'
import { type Html, html } from '../../formats/html.ts'
import { outcomeText, verdictColumn, worstFirst } from '../domains/matrix-card.ts'
import { card, counted, mark, paragraphs, table, timeOf, when } from '../frame/components.ts'
import { foreign } from '../frame/foreign.ts'
import { stateOf } from './check-note.ts'
import type { LastCheck } from './runner.ts'

/** Rows of a table. Why limited: documents of the domain may name thousands of servers. */
const mostRows = 100

const mostFindings = 30

export function resultOf(result: LastCheck): Html {
  const { domain, at, examined } = result
  const summary = html`<p>${stateOf(result)} at ${timeOf(at)}. <a href="/check/result.json?domain=${domain}" download>Download as JSON</a> · <a href="/domains?q=${domain}">Settings of ${domain}</a></p>`
  if (examined === undefined) return card({ id: 'result', title: `Result for ${domain}` }, summary)
  const { evidence, findings } = examined
  return html`${card(
    { id: 'result', title: `Result for ${domain}` },
    summary,
    findings.length === 0
      ? paragraphs('There are no findings.')
      : findings.slice(0, mostFindings).map(finding => findingItem(finding, evidence))
  )}
${programsCard(evidence, findings)}
${dnsCard(evidence)}
${urlsCard(evidence)}
${serversCard(evidence)}`
}

const tones = { error: 'bad', warning: 'doubtful', info: 'plain' } as const

function findingItem(finding: Finding, evidence: Evidence): Html {
  const { rule, severity, subject, others = [], message, remedy } = finding
  const { hurt } = affectedPrograms(finding, evidence)
  const more = others.length > 0 ? `, also ${others.slice(0, 5).join(', ')}` : ''
  return html`<div class="step"><h3>${mark(tones[severity], severity)} ${foreign(`${subject}${more}`)}</h3>
<p>${foreign(message)} <small>${rule}</small></p>${when(hurt.length > 0, () => html`<p>Affects ${hurt.join(', ')}.</p>`)}
<p><b>Remedy:</b> ${foreign(remedy)}</p></div>
`
}

const marks = {
  same: mark('good', 'finds settings'),
  different: mark('doubtful', 'differs'),
  nothing: mark('bad', 'finds nothing')
} as const

function programsCard(evidence: Evidence, findings: readonly Finding[]): Html {
  const { verdicts } = evidence
  const causes = findings.filter(({ rule }) => !rule.startsWith('program.'))
  const same = verdicts.filter(({ verdict }) => verdict === 'same').length
  return card(
    { id: 'programs', title: 'Mail programs' },
    paragraphs(`${same} of ${counted(verdicts.length, 'program')} find the settings that most programs find.`),
    table(
      ['Program', verdictColumn, 'Takes, or why not'],
      worstFirst(verdicts).map(judged => {
        const { program, verdict, reason } = judged
        const { account } = program.discovery
        const remedy = verdict === 'same' ? '' : remedyOf(judged, evidence, causes)
        return [program.client.title, marks[verdict], outcomeText(account, foreign(reason), foreign(remedy))]
      })
    )
  )
}

function dnsCard(evidence: Evidence): Html {
  const rows = dnsRows(evidence).filter(({ records, faults }) => records.length + faults.length > 0)
  return card(
    { id: 'dns', title: 'DNS' },
    rows.length === 0 ? paragraphs('There are no records.') : undefined,
    table(
      [{ title: 'Name', width: 'wide' }, 'State', { title: 'Records', width: 'wide' }],
      rows
        .slice(0, mostRows)
        .map(({ name, records, faults }) => [
          foreign(name),
          faults.length === 0 ? mark('good', 'answered') : mark('bad', 'failed'),
          foreign([...records.slice(0, 10).map(text => text.slice(0, 200)), ...faults].join(', '))
        ])
    )
  )
}

function urlsCard({ visits }: Evidence): Html {
  const shown = visits.filter(({ asked }) => !asked.isNonsense)
  return card(
    { id: 'urls', title: 'URLs' },
    table(
      [{ title: 'URL', width: 'wide' }, 'Status', { title: 'Details', width: 'wide' }],
      shown.slice(0, mostRows).map(visit => {
        const { request } = visit.asked
        const { response, fault, tls, ms } = lastOf(visit)
        const tone = response === undefined ? 'plain' : response.status < 400 ? 'good' : 'plain'
        const details = [
          ...(fault === undefined ? [] : [fault.message]),
          ...(tls === undefined ? [] : [`certificate until ${dateOf(tls.validTo)}`]),
          `${Math.round(ms)} ms`
        ]
        return [
          foreign(`${request.method} ${request.url.replace(/\?.*/, '')}`),
          mark(fault === undefined ? tone : 'doubtful', response === undefined ? 'no answer' : String(response.status)),
          foreign(details.join(', '))
        ]
      })
    )
  )
}

function serversCard({ servers }: Evidence): Html {
  return card(
    { id: 'servers', title: 'Servers' },
    servers.length === 0 ? paragraphs('No server is advertised.') : undefined,
    table(
      [{ title: 'Server', width: 'wide' }, 'State', { title: 'Details', width: 'wide' }],
      servers
        .slice(0, mostRows)
        .map(({ server, tls, faults, authentication, ms }) => [
          foreign(`${server.protocol} ${server.host}:${server.port} ${server.security}`),
          faults.length === 0 ? mark('good', 'works') : mark('bad', 'faulty'),
          foreign(
            [
              ...(tls === undefined ? [] : [`${tls.protocol}, certificate for ${tls.daysLeft} more days`]),
              ...authentication,
              `${Math.round(ms)} ms`
            ].join(', ')
          )
        ])
    )
  )
}
