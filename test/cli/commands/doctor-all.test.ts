/**
 * `signpost doctor --all`, with domains on the loopback.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { doctor } from '../../../src/cli/commands/doctor.ts'
import { runCommand } from '../../support/cli/terminal.ts'
import { type Breakage, startDomain } from '../../support/doctor/living-domain.ts'

/** Why so long: on a busy machine, only deliberate delays may exceed it. */
const usual = ['--timeout', '60', '--client', 'geary', '--client', 'thunderbird']

interface World {
  /** Domains of the table. Only example.com exists. */
  readonly domains: string
  readonly breakage?: Breakage
  readonly isTerminal?: boolean
}

/** Starts the domain and writes a table. @returns a function that runs the command with the file */
async function start(t: Test, { domains, breakage, isTerminal = false }: World) {
  const [, ...network] = await startDomain(t, breakage)
  // Why in this folder: a second testdir would remove the certificate authority.
  const file = join(t.testdirName, 'a.yaml')
  const servers = ['imap', 'smtp'].map(protocol => `{ protocol: ${protocol}, host: ${protocol}.example.com }`)
  writeFileSync(file, `providers: [{ id: a, name: A, domains: [${domains}], servers: [${servers.join(', ')}] }]\n`)
  const rest = { isTerminal: { out: false, err: isTerminal } }
  const run = (argv: readonly string[], env = {}) => runCommand(doctor, [...argv, ...network, ...usual], env, rest)
  return { file, run }
}

t.test('doctor --all: prints the verdict, one row for each domain, and each cause once', async t => {
  const { file, run } = await start(t, { domains: 'example.com, a.example, b.example, "*.c.example"' })
  const { code, out, err } = await run(['--all', file])
  t.equal(code, 1)
  t.equal(err, 'signpost: "*.c.example" matches any number of domains: list them one by one\n')
  t.equal(
    out.replace(/\d+\.\d s/, 'TIME'),
    `${file}, 3 domains

Verdict
  faulty  3 domains: 2 with errors, 1 without a problem; examined in TIME.
  error   <domain> (2 domains): The domain does not exist. Register it, or fix its delegation.

Domains
  verdict domain      errors warnings first cause
  faulty  a.example        1        0 The domain does not exist.
  faulty  b.example        1        0 The domain does not exist.
  ok      example.com      0        0

Causes
  error   <domain> dns.no-such-domain
          The domain does not exist.
          Domains: a.example, b.example.
          Affects: Thunderbird, Geary.
          Remedy: Register it, or fix its delegation.
`
  )
})

t.test('doctor --all: exits with 0 if no domain has a problem; the table may be an option or a variable', async t => {
  const { file, run } = await start(t, { domains: 'example.com' })
  for (const { code, out } of [
    await run(['--all', '--config', file]),
    await run(['--all'], { SIGNPOST_CONFIG: file })
  ]) {
    t.equal(code, 0)
    t.match(out, /^ {2}ok {6}No problems at 1 domain; examined in \d+\.\d s\.$/m)
    t.notMatch(out, 'Causes')
  }
})

t.test('doctor --all: --verbose adds the report of each domain, which has five lines if it does not exist', async t => {
  const { file, run } = await start(t, { domains: 'example.com, a.example' })
  const { out } = await run(['--all', file, '--verbose'])
  const [, ofExample = '', ofMissing = ''] = out.split('\n\n\n')
  t.match(ofExample, /^example\.com, examined as postmaster@example\.com/)
  for (const heading of ['DNS', 'Discovery', 'Programs', 'Servers']) t.match(ofExample, `\n${heading}\n`)
  t.match(ofMissing, /^a\.example, examined as [^\n]*\n\nVerdict\n[^\n]*\n {2}error [^\n]*\n$/)
})

t.test('doctor --all: --json contains the domains and causes, and with --verbose the reports', async t => {
  const { file, run } = await start(t, { domains: 'example.com, a.example' })
  const { code, out } = await run(['--all', file, '--json'])
  t.equal(code, 1)
  const { ms, causes, ...report } = JSON.parse(out)
  t.type(ms, 'number')
  t.same(report, {
    ...{ file, isWell: false },
    domains: [
      { domain: 'example.com', verdict: 'ok', errors: 0, warnings: 0, firstCause: null },
      { domain: 'a.example', verdict: 'faulty', errors: 1, warnings: 0, firstCause: 'The domain does not exist.' }
    ]
  })
  t.same(
    causes.map(({ rule, domains }: { rule: string; domains: string[] }) => [rule, domains]),
    [['dns.no-such-domain', ['a.example']]]
  )
  const verbose = JSON.parse((await run(['--all', file, '--json', '--verbose'])).out)
  t.same(
    verbose.reports.map(({ domain, isWell }: { domain: string; isWell: boolean }) => [domain, isWell]),
    [
      ['example.com', true],
      ['a.example', false]
    ]
  )
})

t.test('doctor --all: shows a progress bar on a terminal, and erases it at the end', async t => {
  const { file, run } = await start(t, { domains: 'a.example, b.example', isTerminal: true })
  const { err } = await run(['--all', file])
  const lines = err.split('\r\u001b[K')
  t.equal(lines[1], `[${'-'.repeat(20)}] 0 of 2 `)
  t.match(lines[2], /^\[#{10}-{10}\] 1 of 2, 1 with problems [ab]\.example$/)
  t.match(lines[3], /^\[#{20}\] 2 of 2, 2 with problems [ab]\.example$/)
  t.equal(lines.at(-1), '')
})

t.test('doctor --all: a domain is examined again if the server limits requests', async t => {
  let refused = 0
  const { file, run } = await start(t, {
    domains: 'example.com',
    isTerminal: true,
    breakage: {
      answers: {
        'GET https://autoconfig.example.com/email.mobileconfig': (_request, response) => {
          const isFirst = refused++ === 0
          response.writeHead(isFirst ? 429 : 404, { 'retry-after': '0', 'content-type': 'text/plain' }).end()
        }
      }
    }
  })
  const { out, err } = await run(['--all', file])
  t.equal(refused, 2)
  t.match(err, '0 of 1 limited (429), waiting 0 s')
  t.notMatch(out, 'http.forbidden')
})

t.test('doctor --all: a server that always limits requests is reported after three examinations', async t => {
  let requests = 0
  const { file, run } = await start(t, {
    domains: 'example.com',
    breakage: {
      answers: {
        'GET https://autoconfig.example.com/email.mobileconfig': (_request, response) => {
          requests++
          response.writeHead(429, { 'retry-after': '0' }).end()
        }
      }
    }
  })
  const { code, out } = await run(['--all', file])
  t.equal(requests, 3)
  t.equal(code, 1)
  t.match(out, 'http.forbidden')
})

t.test('doctor --all: exits with 2 if the table lists no domain by name, or none could be examined', async t => {
  const { file, run } = await start(t, { domains: '"*"' })
  const { code, out, err } = await run(['--all', file])
  t.same([code, out], [2, ''])
  t.match(err, 'signpost: there are no domains to examine\n')
  writeFileSync(
    file,
    'providers: [{ id: a, name: A, domains: [a.example], servers: [{ protocol: imap, host: i.example }] }]'
  )
  const offline = await runCommand(doctor, ['--all', file, '--resolver', '127.0.0.1:9', '--client', 'geary'])
  t.equal(offline.code, 2)
  t.match(offline.out, /^ {2}failed {2}a\.example {6}– {8}– no DNS server answers at 127\.0\.0\.1:9: unreachable/m)
})

t.test('doctor --all: reports invalid arguments', async t => {
  for (const [argv, message] of [
    [['--all', 'a.yaml', '--config', 'b.yaml'], 'found "a.yaml" and --config, expected one settings table'],
    [['--all', '--password-stdin'], 'found --password-stdin and --all, expected one of them'],
    [[], 'doctor: found nothing, expected a domain, a mail address or --all']
  ] as const) {
    await t.rejects(runCommand(doctor, argv), { code: 'AC_USAGE', message })
  }
  await t.rejects(runCommand(doctor, ['--all', 'no-such-file.yaml']), { code: 'AC_SETTINGS_UNREADABLE' })
  await t.rejects(runCommand(doctor, ['--all'], { SIGNPOST_CONFIG: 'no-such-file.yaml' }), { code: 'AC_NO_SETTINGS' })
})
