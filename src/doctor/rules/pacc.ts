/**
 * Rules about PACC: the document and its digest in the DNS (draft-ietf-mailmaint-pacc-03).
 */
import { createHash } from 'node:crypto'
import { hasDigest } from '../../clients/himalaya/pacc.ts'
import type { Finding } from '../finding.ts'
import { placeOf } from '../look/advertisement.ts'
import { answerOf, lastOf, type Visit } from '../look/examination.ts'
import { affected, isAnyFailing } from './affected.ts'
import type { Evidence } from './evidence.ts'

export function paccRules(evidence: Evidence): Finding[] {
  const served = evidence.visits.find(({ asked }) => asked.family === 'pacc' && !asked.isNonsense)
  return [...digestFindings(served, evidence), ...(served === undefined ? [] : versionFindings(served, evidence))]
}

/**
 * Spec: draft-ietf-mailmaint-pacc-03 expects TLS 1.3 of the hosts that serve the document, and of the servers in it.
 *
 * Why notes: the mail programs of today that read PACC also accept TLS 1.2.
 */
function versionFindings(served: Visit, { advertisements, servers }: Evidence): Finding[] {
  const document = advertisements.find(({ kind, from }) => kind === 'pacc' && from === served.asked.request.url)
  if (document === undefined) return []
  const places = new Set(document.servers.map(placeOf))
  const connections = [
    ...[served.first, ...served.redirects].map(({ request, tls }) => ({ subject: new URL(request.url).origin, tls })),
    ...servers
      .filter(({ server }) => places.has(placeOf(server)))
      .map(({ server: { protocol, host, port }, tls }) => ({ subject: `${protocol} ${host}:${port}`, tls }))
  ]
  return connections
    .filter(({ tls }) => tls !== undefined && tls.protocol !== 'TLSv1.3')
    .map(({ subject }) => ({
      rule: 'pacc.no-tls-1-3',
      severity: 'info',
      subject,
      message: 'The server does not support TLS 1.3, which PACC expects. Future mail programs may refuse it.',
      remedy: 'Enable TLS 1.3, and keep TLS 1.2 for older programs.',
      clients: []
    }))
}

function digestFindings(served: Visit | undefined, evidence: Evidence): Finding[] {
  const { dns, subject, programs } = evidence
  const name = `_ua-auto-config.${subject.domain}`
  const { records, fault } = answerOf(dns, 'TXT', name)
  const response = served && lastOf(served).response
  const document = response?.status === 200 ? response.body : undefined
  const url = served?.asked.request.url ?? ''
  const clients = affected(programs, asked => asked === `GET ${url}`)
  const found = (text: Pick<Finding, 'rule' | 'message' | 'remedy'>): Finding[] => [
    { ...text, severity: 'error', subject: name, clients }
  ]
  if (fault !== undefined || (document === undefined && records.length === 0)) return []
  const failed = served?.first.fault?.kind
  // Why: another rule reports why the host does not respond.
  if (failed !== undefined && failed !== 'no-host') return []
  if (document === undefined) {
    return found({
      rule: 'pacc.no-document',
      message: 'The DNS contains the digest of a document that does not exist.',
      remedy: `Serve it at ${url}, or remove the TXT record.`
    })
  }
  if (hasDigest(records, document)) return []
  const text = `v=UAAC1; a=sha256; d=${createHash('sha256').update(document).digest('base64')}`
  if (records.length === 0) {
    const isNeeded = isAnyFailing(evidence, clients)
    return [
      {
        rule: 'pacc.no-digest',
        severity: isNeeded ? 'error' : 'info',
        subject: name,
        message: 'The DNS contains no digest of the document, so programs ignore it.',
        remedy: `Set the TXT record to ${text}.`,
        clients: isNeeded ? clients : []
      }
    ]
  }
  return found({
    rule: 'pacc.digest-mismatch',
    message: 'The digest in the DNS does not match the document, so programs ignore it.',
    remedy: `Set the TXT record to ${text}.`
  })
}
