/**
 * `signpost dns --check` and `--roll-over`, against a DNS server and a web server on the loopback.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { dns } from '../../../src/cli/commands/dns.ts'
import { runCommand } from '../../support/cli/terminal.ts'
import { type Breakage, startDomain } from '../../support/doctor/living-domain.ts'
import type { ZoneRecord } from '../../support/doctor/name-server.ts'

const settings = (domains = 'example.com') => `
http: { publicUrl: "https://signpost.example.com" }
providers:
  - id: example
    name: Example Mail
    domains: [${domains}]
    servers:
      - { protocol: imap, host: imap.example.com }
      - { protocol: smtp, host: smtp.example.com }
`

/** Runs the command for a domain on the loopback. */
async function runner(t: Test, breakage: Breakage = {}, text = settings()) {
  const [domain = '', ...network] = await startDomain(t, breakage)
  const config = join(t.testdirName, 'a.yaml')
  writeFileSync(config, text)
  return async (...argv: string[]) =>
    await runCommand(dns, [...(argv.includes('--all') ? [] : [domain]), ...argv, ...network, '--config', config])
}

const changed =
  (change: (record: ZoneRecord) => ZoneRecord[]) =>
  (records: readonly ZoneRecord[]): ZoneRecord[] =>
    records.flatMap(change)

t.test('dns: --check exits with 0 if the DNS has the wanted records', async t => {
  const run = await runner(t)
  const { code, out } = await run('--check')
  t.equal(code, 0, out)
  t.match(out, /^ok {7}autoconfig\.example\.com\. CNAME signpost\.example\.com\.$/m)
  t.match(out, /^ok {7}_imaps\._tcp\.example\.com\. SRV 0 1 993 imap\.example\.com\.$/m)
  t.match(out, /^ok {7}_imap\._tcp\.example\.com\. SRV 0 0 0 \.$/m)
  const printed = (await run()).out
  t.equal(out.split('\n').length, printed.split('\n').length, 'one line each')
})

t.test('dns: --check reports missing, different and unknown records, one line each', async t => {
  const zone = changed(record => {
    if (record.name === '_imaps._tcp.example.com') return [{ ...record, port: 1993 } as ZoneRecord]
    return record.name === 'autoconfig.example.com' ? [] : [record]
  })
  const run = await runner(t, { zone, dnsFaults: { '_pop3s._tcp.example.com': 'SERVFAIL' } })
  const { code, out } = await run('--check')
  t.equal(code, 1)
  t.same(
    out.split('\n').filter(line => line !== '' && !line.startsWith('ok ')),
    [
      'missing  autoconfig.example.com. CNAME signpost.example.com.',
      'differs  _imaps._tcp.example.com. SRV found 0 1 1993 imap.example.com., expected 0 1 993 imap.example.com.',
      'failed   _pop3s._tcp.example.com. SRV SERVFAIL'
    ]
  )
  const json = await run('--check', '--json')
  t.equal(json.code, 1)
  const report: { records: object[] } = JSON.parse(json.out)
  t.match(report, { domain: 'example.com', isWell: false })
  t.same(report.records[0], {
    ...{ name: 'autoconfig.example.com', type: 'CNAME', status: 'missing' },
    ...{ wanted: ['signpost.example.com.'], found: [], fault: null }
  })
})

t.test('dns: --check --all compares every domain', async t => {
  const run = await runner(t, {}, settings('example.com, missing.example'))
  const { code, out } = await run('--check', '--all')
  t.equal(code, 1)
  t.match(out, /^missing {2}autoconfig\.missing\.example\. CNAME /m)
  const reports: { domain: string; isWell: boolean }[] = JSON.parse((await run('--check', '--all', '--json')).out)
  t.same(
    reports.map(({ domain, isWell }) => [domain, isWell]),
    [
      ['example.com', true],
      ['missing.example', false]
    ]
  )
})

t.test('dns: --check compares the address of Signpost', async t => {
  const run = await runner(t, {}, settings().replace('signpost.example.com', '192.88.100.1'))
  const { code, out } = await run('--check')
  t.equal(code, 0, out)
  t.match(out, /^ok {7}signpost\.example\.com\. A 192\.88\.100\.1$/m)
})

t.test('dns: --json needs --check', async t => {
  await t.rejects(runCommand(dns, ['example.com', '--json']), { code: 'AC_USAGE', message: /without --check/ })
})

const old = 'v=UAAC1; a=sha256; d=oldoldoldoldoldoldoldoldoldoldoldoldoldoldoldol='
const withOld = changed(record =>
  record.name === '_ua-auto-config.example.com' && record.type === 'TXT' ? [{ ...record, text: old }] : [record]
)
const digestsOf = (out: string) => [...out.matchAll(/^_ua-auto-config.* TXT +"(.*)"$/gm)].map(([, text]) => text)

t.test('dns: --roll-over keeps the old digest until the new document is live', async t => {
  const run = await runner(t, {
    zone: withOld,
    answers: { 'https://ua-auto-config.example.com': (_request, response) => response.writeHead(404).end() }
  })
  const { code, out } = await run('--roll-over')
  t.equal(code, 0)
  const digests = digestsOf(out)
  t.equal(digests.length, 2)
  t.equal(digests[1], old)
  t.match(out, /^; The old PACC digest stays until the new document is live everywhere\./)
  t.equal(digestsOf((await run()).out).length, 1)
})

t.test('dns: --roll-over drops the old digest when every address serves the new document', async t => {
  const run = await runner(t, { zone: withOld })
  const { out } = await run('--roll-over')
  t.equal(digestsOf(out).length, 1)
  t.notMatch(out, old)
})

t.test('dns: --roll-over keeps the old digest while the host has no address', async t => {
  const zone = (records: readonly ZoneRecord[]) =>
    withOld(records).filter(({ name }) => name !== 'ua-auto-config.example.com')
  t.equal(digestsOf((await (await runner(t, { zone }))('--roll-over')).out).length, 2)
})

t.test('dns: --roll-over changes nothing without an old digest', async t => {
  const run = await runner(t)
  t.equal((await run('--roll-over')).out, (await run()).out)
})
