/**
 * Findings about TLS 1.3 of hosts and servers in PACC documents.
 */
import t, { type Test } from 'tap'
import { doctor } from '../../src/cli/commands/doctor.ts'
import type { Finding } from '../../src/doctor/finding.ts'
import { issue } from '../support/certificates.ts'
import { runCommand } from '../support/cli/terminal.ts'
import { type Breakage, root, startDomain } from '../support/doctor/living-domain.ts'
import { matchLists } from '../support/match-lists.ts'
import { mailScript } from '../support/probes/mail-script.ts'

/** @returns the findings about TLS 1.3 at a domain whose servers run on this machine */
async function versionFindings(t: Test, breakage: Breakage): Promise<Finding[]> {
  const args = await startDomain(t, breakage)
  const { out } = await runCommand(doctor, [...args, '--client', 'himalaya', '--timeout', '60', '--json'])
  const { findings }: { readonly findings: readonly Finding[] } = JSON.parse(out)
  return findings.filter(({ rule }) => rule === 'pacc.no-tls-1-3')
}

const imapUpTo = (maxVersion: 'TLSv1.2' | 'TLSv1.3') =>
  mailScript('imap', {
    certificates: [issue('imap.example.com', { issuer: root, hosts: ['imap.example.com'] })],
    implicitTls: true,
    tls: { maxVersion }
  })

t.test('pacc: hosts without TLS 1.3 that serve the document, and servers in it, are one note', async t => {
  const found = await versionFindings(t, { webTls: 'TLSv1.2', imap: imapUpTo('TLSv1.2') })
  matchLists(t, found, [
    { severity: 'info', subject: 'https://ua-auto-config.example.com', clients: [], message: /\w\.$/, remedy: /\w\.$/ }
  ])
  t.same(found[0]?.others, ['imap imap.example.com:993'])
})

t.test('pacc: hosts and servers with TLS 1.3 are not reported', async t => {
  t.same(await versionFindings(t, { webTls: 'TLSv1.3', imap: imapUpTo('TLSv1.3') }), [])
})

t.test('pacc: without a document, the version of TLS does not matter', async t => {
  const url = 'https://ua-auto-config.example.com/.well-known/user-agent-configuration.json'
  const missing: Breakage = {
    answers: { [`GET ${url}`]: (_request, response) => response.writeHead(404).end() },
    webTls: 'TLSv1.2',
    imap: imapUpTo('TLSv1.2')
  }
  t.same(await versionFindings(t, missing), [])
})
