import t, { type Test } from 'tap'
import { parseCall } from '../../../src/cli/command.ts'
import { doctor } from '../../../src/cli/commands/doctor.ts'
import { networkOptions } from '../../../src/cli/options/network-options.ts'
import { clients } from '../../../src/clients/index.ts'
import { checkNote } from '../../../src/console/check/check-note.ts'
import { checkPage } from '../../../src/console/check/check-page.ts'
import { toReport, typedDomain } from '../../../src/console/check/report.ts'
import type { LastCheck } from '../../../src/console/check/runner.ts'
import { examineDomain } from '../../../src/doctor/examine-domain.ts'
import { neutralSubject } from '../../../src/doctor/look/examined-domain.ts'
import { issue } from '../../support/certificates.ts'
import { textOf } from '../../support/console/open-console.ts'
import { type Breakage, root, startDomain, webHosts } from '../../support/doctor/living-domain.ts'
import { mailScript } from '../../support/probes/mail-script.ts'

/** Examines a domain on the loopback as the console does. */
async function examined(t: Test, breakage: Breakage): Promise<LastCheck> {
  const args = await startDomain(t, breakage)
  const terminal = {
    ...{ env: {}, out: () => undefined, err: () => undefined, input: async () => Buffer.alloc(0) },
    isTerminal: { out: false, err: false }
  }
  // Why so long: a machine that runs tests may be busy.
  const network = networkOptions(parseCall(doctor, [...args, '--timeout', '60'], terminal))
  const result = await examineDomain(neutralSubject('example.com'), { network, clients, progress: () => undefined })
  return { domain: 'example.com', at: Date.parse('2026-11-30T12:00:00Z'), examined: result, failure: undefined }
}

const page = (result: LastCheck | undefined) =>
  checkPage({ text: 'example.com', token: 'the-token', running: undefined, result, lastChecks: [] })

t.test('check page: a healthy domain has no problems, and every program finds settings', async t => {
  const result = await examined(t, {})
  const { status, body } = page(result)
  t.equal(status, 200)
  t.ok(Buffer.byteLength(body) <= 60_000, `${Buffer.byteLength(body)} bytes`)
  const text = textOf(body)
  for (const part of [
    'no problems at 2026-11-30 12:00 UTC',
    'Thunderbird finds settings',
    'imap imap.example.com:993 tls'
  ])
    t.match(text, part)
  for (const part of [
    'GET https://autoconfig.example.com/mail/config-v1.1.xml 200',
    'smtp smtp.example.com:465 tls works'
  ])
    t.match(text, part)
  t.match(body, 'href="/check/result.json?domain=example.com"')
  t.match(
    textOf(checkNote('example.com', result, 'x').html),
    'Checked from outside at 2026-11-30 12:00 UTC : no problems'
  )
})

t.test('check page: a broken domain names the programs that fail, and what to change', async t => {
  const expired = issue('autoconfig.example.com', { issuer: root, hosts: webHosts, until: -0.5 })
  const result = await examined(t, {
    certificates: { 'autoconfig.example.com': expired, 'autodiscover.example.com': expired },
    ...{ security: 'starttls', smtp: mailScript('smtp', { inClear: ['PIPELINING'] }) },
    dnsFaults: { 'ua-auto-config.example.com': 'SERVFAIL' }
  })
  const { body } = page(result)
  const text = textOf(body)
  t.ok(Buffer.byteLength(body) <= 60_000, `${Buffer.byteLength(body)} bytes`)
  for (const part of ['certificate.expired', 'Affects ', ', also ', 'Remedy: ', 'finds nothing']) t.match(text, part)
  const programs = text.slice(text.indexOf('Program Verdict'))
  t.ok(programs.indexOf('finds nothing') < programs.indexOf('finds settings'), 'programs that fail come first')
  t.match(textOf(checkNote('example.com', result, 'x').html), /: \d+ problems/)
})

t.test('check page: the result can be downloaded as a JSON report', async t => {
  const result = await examined(t, {})
  const report = toReport(result)
  t.equal(report?.headers['content-disposition'], 'attachment; filename="doctor-example.com.json"')
  t.match(JSON.parse(report?.body ?? ''), { domain: 'example.com', isAddressTyped: false, isWell: true })
  t.equal(toReport(undefined), undefined)
  t.equal(toReport({ domain: 'a.example', at: 0, examined: undefined, failure: 'x' }), undefined)
})

t.test('check page: says that a domain does not exist, or could not be examined', async t => {
  const missing = await examined(t, { zone: () => [] })
  t.match(textOf(page(missing).body), /There are no records|dns\./)
  const failed = { domain: 'a.example', at: 0, examined: undefined, failure: 'no DNS server answers' }
  t.match(textOf(page(failed).body), 'failed: no DNS server answers at 1970-01-01 00:00 UTC')
})

t.test('check page: a running check shows its progress, and the page reloads itself without JavaScript', async t => {
  const running = { domain: 'a.example', progress: { done: 3, all: 40, step: 'the <b>DNS</b>' } }
  const { body } = checkPage({ text: '', token: 'x', running, result: undefined, lastChecks: [] })
  t.match(body, '<noscript><meta http-equiv="refresh" content="2"></noscript>')
  t.match(body, '<progress max="40" value="3"')
  t.match(body, '<span id="step" role="status">the &lt;b&gt;DNS&lt;/b&gt;</span>')
  t.notMatch(body, '<form')
  t.notMatch(page(undefined).body, 'http-equiv')
})

t.test('check page: an invalid domain is shown with an error', async t => {
  const problem = 'This is neither a domain nor a mail address.'
  const { status, body } = checkPage({
    ...{ text: '"><b>', token: 'x', running: undefined, result: undefined, lastChecks: [], problem }
  })
  t.equal(status, 400)
  t.match(body, 'value="&quot;&gt;&lt;b&gt;"')
  t.match(body, 'aria-invalid="true" aria-describedby="problem"')
})

t.test('check page: without a result, lists the last checks', async t => {
  const failed = { domain: 'a.example', at: 0, examined: undefined, failure: 'no DNS server answers' }
  const lastChecks = [await examined(t, {}), failed]
  const context = { text: '', token: 'x', running: undefined, lastChecks }
  const { body } = checkPage({ ...context, result: undefined })
  t.match(
    textOf(body),
    'example.com no problems 2026-11-30 12:00 UTC a.example failed: no DNS server answers 1970-01-01'
  )
  t.match(body, '<a href="/check?domain=a.example">a.example</a>')
  t.notMatch(checkPage({ ...context, result: failed }).body, 'Last checks')
  t.notMatch(checkPage({ ...context, lastChecks: [], result: undefined }).body, 'Last checks')
})

t.test('check: only the domain of an address is examined', async t => {
  t.equal(typedDomain(' jane@Bücher.example '), 'xn--bcher-kva.example')
  t.equal(typedDomain('example.com'), 'example.com')
  t.equal(typedDomain('jane'), 'jane')
  t.equal(typedDomain(''), undefined)
  t.equal(typedDomain('a b'), undefined)
})

t.test('check page: stays small and readable for any documents of the domain', async t => {
  const result = await examined(t, {})
  const { evidence } = result.examined as NonNullable<LastCheck['examined']>
  const hostile = `${"'".repeat(125_000)}\u202e`
  const verdicts = evidence.verdicts.map(judged => {
    const { discovery } = judged.program
    const host = `\u202e${hostile}`
    const server = { protocol: 'imap', host, port: 993, security: 'tls', username: undefined } as const
    const account = { incoming: server, outgoing: { ...server, protocol: 'smtp' as const }, from: hostile }
    return { ...judged, reason: hostile, program: { ...judged.program, discovery: { ...discovery, account } } }
  })
  const [server] = evidence.servers
  const finding = { rule: 'a.b', severity: 'error', subject: hostile, message: 'm', remedy: 'r', clients: [] } as const
  const { body } = page({
    ...result,
    examined: {
      ms: 1,
      findings: Array(200).fill(finding),
      evidence: { ...evidence, verdicts, servers: server === undefined ? [] : Array(200).fill(server) }
    }
  })
  t.ok(Buffer.byteLength(body) <= 250_000, `${Buffer.byteLength(body)} bytes`)
  t.notMatch(body, '\u202e')
  t.match(body, '\\u{202e}')
})
