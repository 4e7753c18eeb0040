import { join } from 'node:path'
import t, { type Test } from 'tap'
import { doctor } from '../../../src/cli/commands/doctor.ts'
import { issue } from '../../support/certificates.ts'
import { runProgram } from '../../support/cli/program.ts'
import { type Ran, runCommand } from '../../support/cli/terminal.ts'
import { type Breakage, root, startDomain, webHosts } from '../../support/doctor/living-domain.ts'
import type { ZoneRecord } from '../../support/doctor/name-server.ts'
import { matchLists } from '../../support/match-lists.ts'
import { mailScript } from '../../support/probes/mail-script.ts'

/** Why so long: on a busy machine, only deliberate delays may exceed it. */
const patient = ['--timeout', '60']

const escapeCharacter = '\u001b'

type Rest = Parameters<typeof runCommand>[3] & { readonly env?: Record<string, string> }

async function run(
  t: Test,
  argv: readonly string[],
  breakage: Breakage = {},
  { env, ...rest }: Rest = {}
): Promise<Ran> {
  const args = await startDomain(t, breakage)
  return await runCommand(doctor, [...args, ...patient, ...argv], env, rest)
}

t.test('doctor: exits with 0 for a healthy domain', async t => {
  const { code, out, err } = await run(t, ['--verbose'])
  t.equal(code, 0)
  t.equal(err, '', 'no progress without a terminal')
  t.match(
    out,
    /^example\.com, examined as postmaster@example\.com; a neutral address because none was given\n\nVerdict\n {2}ok {6}No problems; examined in \d+\.\d s\.\n\nDNS\n/
  )
  for (const heading of ['DNS', 'Discovery', 'Programs', 'Servers', 'Verdict']) t.match(out, `\n${heading}\n`)
  t.match(out, /^ {2}ok {6}autoconfig\.example\.com +CNAME signpost\.example\.com, A 192\.88\.100\.1$/m)
  t.match(
    out,
    /^ {2}200 {5}GET https:\/\/autoconfig\.example\.com\/mail\/config-v1\.1\.xml text\/xml; charset=utf-8, certificate until /m
  )
  t.match(out, /^ {2}ok {6}Thunderbird +imap imap\.example\.com:993 tls, smtp smtp\.example\.com:465 tls from https:/m)
  t.match(out, /^ {2}ok {6}imap imap\.example\.com:993 tls TLSv1\.3, certificate for 29 more days, takes password, /m)
  t.match(out, /^ {2}ok {6}No problems; examined in \d+\.\d s\.$/m)
  t.notMatch(out, /error|warning|nothing {2}|differs/)
  t.notMatch(out, escapeCharacter)
})

t.test('doctor: findings list the affected programs, those that work around them, and a remedy', async t => {
  const expired = issue('autoconfig.example.com', { issuer: root, hosts: webHosts, until: -0.5 })
  const { code, out } = await run(t, [], { certificates: { 'autoconfig.example.com': expired } })
  t.equal(code, 1)
  t.match(
    out.replace(/\d{4}-\d\d-\d\d/, 'DATE').replace(/\d\.\d s/, 'TIME'),
    `
Verdict
  faulty  1 error, 1 note; examined in TIME.
  error   https://autoconfig.example.com: The certificate expired on DATE. Renew it, and reload the web server.

Findings
`
  )
  const verdict = out.slice(out.indexOf('\nFindings\n'))
  t.match(
    verdict.replace(/\d{4}-\d\d-\d\d/, 'DATE'),
    `
Findings
  error   https://autoconfig.example.com certificate.expired
          The certificate expired on DATE.
          Affects: Apple Mail (profile), Geary.
          Works around it: Thunderbird, Thunderbird for Android, K-9 Mail, Evolution, KMail, Delta Chat, FairEmail, Nextcloud Mail, SnappyMail, Mailspring, Himalaya, GNOME Online Accounts, Wino Mail, Mustang, Parula, Thunderbird for iOS.
          Remedy: Renew it, and reload the web server.
`
  )
  t.match(
    out,
    /^ {2}nothing Geary +proposes imap\.example\.com and smtp\.example\.com\n +GET https:\S+: certificate refused: it has expired$/m
  )
})

t.test('doctor: the report of a domain that does not exist has five lines', async t => {
  const { code, out } = await run(t, [], { zone: () => [] })
  t.equal(code, 1)
  t.match(out, / {2}error {3}example\.com: The domain does not exist\. Register it, or fix its delegation\.\n$/)
  t.equal(out.split('\n').length, 6, out)
})

t.test('doctor: --json contains everything, with foreign control characters escaped', async t => {
  const evil = '\u001b[2J\u009b31m\u202e'
  const { code, out } = await run(t, ['--json', '--client', 'thunderbird', '--client', 'geary'], {
    zone: records => [...records, { name: 'example.com', type: 'TXT', text: Buffer.from(evil).toString('latin1') }],
    answers: {
      'GET https://example.com/.well-known/caldav': (_request, response) =>
        response.setHeader('content-type', 'text/x\u009b31m').end()
    }
  })
  t.equal(code, 0, out)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the test proves that the output has no such characters
  t.notMatch(out, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/)
  const report = JSON.parse(out)
  matchLists(t, report, {
    ...{ domain: 'example.com', address: 'postmaster@example.com', isAddressTyped: false, isWell: true, findings: [] },
    programs: [
      { client: 'thunderbird', verdict: 'same', took: { incoming: { host: 'imap.example.com' } } },
      { client: 'geary', asked: [{ asked: 'GET https://autoconfig.example.com/mail/config-v1.1.xml' }] }
    ],
    servers: [{ protocol: 'imap', host: 'imap.example.com', port: 993, security: 'tls', logIn: 'not tried' }, {}],
    services: []
  })
  t.equal(report.programs.length, 2)
  const hosts = [...webHosts, 'imap.example.com', 'smtp.example.com', 'mx.example.com']
  matchLists(t, report.urls[0], {
    ...{ family: 'autoconfig', method: 'GET', status: 200, fault: null, redirects: [], isLoop: false },
    certificate: { protocol: 'TLSv1.3', subject: 'example.com', issuer: 'Test Root', names: hosts, fault: null }
  })
  t.equal(report.dns[0].name, 'example.com')
})

t.test(
  'doctor: examines servers at other hosts in the DNS, too: calendars, and Autodiscover on another port',
  async t => {
    const zone = (records: readonly ZoneRecord[]): ZoneRecord[] => [
      ...records.map(
        record => (record.name === '_autodiscover._tcp.example.com' ? { ...record, port: 8443 } : record) as ZoneRecord
      ),
      {
        name: '_caldavs._tcp.example.com',
        type: 'SRV',
        priority: 0,
        weight: 1,
        port: 443,
        target: 'signpost.example.com'
      },
      { name: '_caldavs._tcp.example.com', type: 'TXT', text: 'path=/cal/' }
    ]
    const { code, out } = await run(t, ['--client', 'thunderbird', '--verbose'], {
      zone,
      answers: {
        'PROPFIND https://signpost.example.com/cal/': (_request, response) =>
          response.writeHead(401, { 'www-authenticate': 'Basic realm="dav"' }).end()
      }
    })
    t.equal(code, 0, out)
    t.match(out, /^ {2}ok {6}caldav https:\/\/signpost\.example\.com\/cal\/ 401, /m)
    t.match(out, /POST https:\/\/signpost\.example\.com:8443\/autodiscover\/autodiscover\.xml connection refused/)
  }
)

t.test('doctor: text from foreign servers is escaped and shortened on a terminal', async t => {
  const { out } = await run(
    t,
    ['--client', 'thunderbird', '--verbose'],
    {
      answers: {
        'GET https://example.com/.well-known/caldav': (_request, response) =>
          response.setHeader('content-type', `text/\u009b31m${'x'.repeat(1000)}`).end()
      }
    },
    { env: { FORCE_COLOR: '1' } }
  )
  t.match(out, 'text/\\u{9b}31mxxx')
  t.notMatch(out, '\u009b')
  t.notMatch(out, 'x'.repeat(400))
  t.match(out, `${escapeCharacter}[32mok`)
})

t.test('doctor: logs in with a password from standard input if an address is given', async t => {
  const hosts = ['imap.example.com', 'smtp.example.com']
  const tls = { certificates: [issue('example.com', { issuer: root, hosts })], implicitTls: true }
  const args = await startDomain(t, {
    imap: mailScript('imap', { ...tls, answers: { AUTHENTICATE: '{tag} OK welcome\r\n' } }),
    smtp: mailScript('smtp', { ...tls, answers: { AUTH: '535 no\r\n' } })
  })
  const argv = ['jane@example.com', ...args.slice(1), ...patient, '--json', '--password-stdin', '--client', 'geary']
  const input = async () => Buffer.from('secret\n')
  const { out } = await runCommand(doctor, argv, {}, { input })
  const report = JSON.parse(out)
  t.equal(report.isAddressTyped, true)
  matchLists(t, report.servers, [{ logIn: 'accepted' }, { logIn: 'refused' }])
  t.notMatch(out, 'secret')
  await t.rejects(runCommand(doctor, argv), { code: 'AC_USAGE', message: /found nothing on standard input/ })
})

t.test('doctor: progress is one line on the terminal, which is erased at the end', async t => {
  const { err } = await run(t, ['--client', 'geary'], {}, { isTerminal: { out: false, err: true } })
  t.match(err, `\r${escapeCharacter}[K`)
  t.match(err, /\d+ of \d+: Geary/)
  t.ok(err.endsWith(`\r${escapeCharacter}[K`))
})

t.test('doctor: exits with 2 if no DNS server answers', async t => {
  for (const [resolver, message] of [
    ['127.0.0.1:9', /no DNS server answers at 127\.0\.0\.1:9: unreachable/],
    ['[::1]:9', /at \[::1\]:9/]
  ] as const) {
    await t.rejects(
      runCommand(doctor, ['example.com', '--resolver', resolver, '--client', 'apple', '--timeout', '1']),
      {
        code: 'AC_NO_RESOLVER',
        message
      }
    )
  }
})

t.test('doctor: reports that the time is over, with the results so far', async t => {
  const web = webHosts.flatMap(host => [`${host}:80`, `${host}:443`])
  // Why: KMail waits for three URLs one after the other, and the servers are examined after that.
  const args = await startDomain(t, { silent: [...web, 'imap.example.com:993', 'smtp.example.com:465'] })
  const { code, out } = await runCommand(doctor, [...args, '--timeout', '0.1'])
  t.equal(code, 1)
  t.match(out, /^ {2}warning example\.com doctor\.no-time$/m)
})

t.test('doctor: contacts private addresses only with --allow-private', async t => {
  const breakage = {
    zone: (records: readonly ZoneRecord[]) =>
      records.map(record => (record.type === 'A' ? { ...record, address: '127.0.0.1' } : record))
  }
  const args = await startDomain(t, breakage)
  const bare = args.slice(0, args.indexOf('--connect'))
  const refused = await runCommand(doctor, [...bare, ...patient, '--client', 'geary'])
  t.equal(refused.code, 1)
  t.match(refused.out, 'not asked: 127.0.0.1 is a private address')
  t.match(refused.out, /^ {2}error {3}example\.com dns\.private-address\n {10}autoconfig\.example\.com$/m)
  t.match(refused.out, /^ {2}faulty {2}1 error; examined/m)
  const allowed = await runCommand(doctor, [...bare, ...patient, '--client', 'geary', '--allow-private'])
  t.notMatch(allowed.out, 'not asked')
  t.notMatch(allowed.out, 'dns.private-address')
})

t.test('doctor: reports invalid arguments', async t => {
  const file = join(t.testdir({ 'none.pem': 'nothing' }), 'none.pem')
  for (const [argv, message] of [
    [['exa mple'], 'found "exa mple", expected a domain or a mail address'],
    [['example.com', '--resolver', 'dns.example'], '--resolver: found "dns.example", expected IP or IP:PORT'],
    [['example.com', '--resolver', '9.9.9.9:0'], '--resolver: found "9.9.9.9:0", expected IP or IP:PORT'],
    [['example.com', '--client', 'mutt'], '--client: found "mutt", expected one of thunderbird, '],
    [['example.com', '--timeout', '0'], '--timeout: found "0", expected seconds from 0.1 to 60'],
    [['example.com', '--timeout', '61'], '--timeout: found "61", expected seconds from 0.1 to 60'],
    [['example.com', '--timeout', '1e1'], '--timeout: found "1e1", expected seconds from 0.1 to 60'],
    [['example.com', '--connect', 'a.example'], '--connect: found "a.example", expected HOST=IP:PORT'],
    [
      ['example.com', '--connect', 'a.example=b.example'],
      '--connect: found "a.example=b.example", expected HOST=IP:PORT'
    ],
    [['example.com', '--connect', '=127.0.0.1'], '--connect: found "=127.0.0.1", expected HOST=IP:PORT'],
    [['example.com', '--ca', 'no-such-file'], '--ca: cannot read no-such-file: '],
    [['example.com', '--ca', file], `--ca: found no certificate in ${file}, expected PEM`],
    [['example.com', '--password-stdin'], '--password-stdin: found the domain "example.com", expected a mail address']
  ] as const) {
    await t.rejects(runCommand(doctor, argv), { code: 'AC_USAGE', message: new RegExp(`^${RegExp.escape(message)}`) })
  }
})

t.test('doctor: the program exits with 2 for invalid arguments', async t => {
  t.match(await runProgram(t, ['doctor', 'exa mple']), {
    code: 2,
    out: '',
    err: /^signpost: found "exa mple"/
  })
})

t.test(
  'doctor: says why a certificate that the service orders itself is missing, and when the next attempt follows',
  async t => {
    const folder = t.testdir({
      'a.yaml': `http: { tls: { acme: { storage: s, termsAgreed: true } } }
providers: [{ id: p, name: P, domains: [example.com], servers: [{ protocol: imap, host: i.example }, { protocol: smtp, host: i.example }] }]
`,
      s: {
        'acme-v02.api.letsencrypt.org-directory': {
          groups: { 'example.com.json': '{"problem":"refused","nextAt":9e12}' }
        }
      }
    })
    const config = join(folder, 'a.yaml')
    const expected =
      /^ {2}error {3}example\.com: The certificate that Signpost orders is missing or incomplete: refused\. Fix the cause\. The next attempt is at 2255-/m
    // Why in separate tests: each of them has its own folder.
    await t.test('settings of --config', async t => {
      const { out, code } = await run(t, ['--client', 'geary', '--config', config])
      t.match(out, expected)
      t.equal(code, 1)
    })
    await t.test('settings of the environment', async t => {
      const { out } = await run(t, ['--client', 'geary'], {}, { env: { SIGNPOST_CONFIG: config } })
      t.match(out, expected)
    })
  }
)
