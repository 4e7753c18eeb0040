import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { certificates } from '../../../src/cli/commands/certificates.ts'
import { check } from '../../../src/cli/commands/check.ts'
import { type IssueOptions, issue } from '../../support/certificates.ts'
import { runCommand } from '../../support/cli/terminal.ts'
import { exampleSettings } from '../../support/served-app.ts'

const acme = 'acme: { storage: s, termsAgreed: true, directory: "https://ca.example/dir", names: [mail.own.example] }'
const settings = exampleSettings.replace('http: {', `http: { tls: { ${acme} },`)

function open(t: Test, text = settings) {
  const folder = t.testdir({ 'a.yaml': text })
  const groups = join(folder, 's/ca.example-dir/groups')
  mkdirSync(groups, { recursive: true })
  const env = { SIGNPOST_CONFIG: join(folder, 'a.yaml') }
  return {
    folder,
    put(key: string, options: IssueOptions = {}) {
      const { pem, keyPem } = issue(key, { hosts: [`autoconfig.${key}`], ...options })
      writeFileSync(join(groups, `${key}.pem`), `${keyPem}${pem}`)
    },
    putState: (key: string, state: object) => writeFileSync(join(groups, `${key}.json`), JSON.stringify(state)),
    run: (...argv: string[]) => runCommand(certificates, argv, env),
    check: () => runCommand(check, [], env)
  }
}

const nextAt = Date.UTC(2030, 0, 1)

t.test('certificates: one line for each group, with what is wrong', async t => {
  const { run, put, putState, folder } = open(t)
  writeFileSync(join(folder, 's/ca.example-dir/groups/a.example.pem.1.new'), '')
  put('example.com', { until: 30 })
  putState('example.com', { nextAt })
  put('old.example', { until: -1, from: -20 })
  put('short.example', { until: 1.5 })
  putState('xn--bcher-kva.example', { nextAt, failures: 2, problem: 'no such host' })
  const { code, out } = await run()
  t.equal(code, 1)
  t.same(out.split('\n'), [
    'mail.own.example: no certificate; not tried yet',
    'example.com: autoconfig.example.com; issued by example.com; 29 days left; next attempt 2030-01-01T00:00:00.000Z',
    'xn--bcher-kva.example: no certificate; next attempt 2030-01-01T00:00:00.000Z; no such host',
    'old.example: autoconfig.old.example; issued by old.example; expired; not tried yet',
    'short.example: autoconfig.short.example; issued by short.example; 1 day left; not tried yet',
    ''
  ])
})

t.test('certificates: JSON, and 0 if all are valid and complete', async t => {
  const { run, put, putState } = open(t)
  for (const key of ['mail.own.example', 'example.com', 'xn--bcher-kva.example']) {
    put(key, { until: 30 })
    putState(key, { nextAt })
  }
  const { code, out } = await run('--json')
  t.equal(code, 0)
  const [first] = JSON.parse(out)
  t.match(first, {
    group: 'mail.own.example',
    issuer: 'mail.own.example',
    nextAttempt: '2030-01-01T00:00:00.000Z',
    problem: null
  })
  t.same(first.names, ['autoconfig.mail.own.example'])
  t.match(first.expires, /^20/)
  const empty = await open(t).run('--json')
  t.match(JSON.parse(empty.out)[0], { issuer: null, expires: null, nextAttempt: null })
})

t.test('certificates: an issuer without a name, and a name in two ways', async t => {
  const text = settings.replace('names: [mail.own.example]', 'names: [autoconfig.example.com]')
  const { run, folder } = open(t, text)
  const { pem, keyPem } = issue('', { hosts: ['autoconfig.example.com'] })
  writeFileSync(join(folder, 's/ca.example-dir/groups/example.com.pem'), `${keyPem}${pem}`)
  const [first] = JSON.parse((await run('--json')).out)
  t.match(first, { group: 'example.com', issuer: '' })
})

t.test('certificates: without acme, or with an unreadable folder, there is an explanation', async t => {
  await t.rejects(open(t, exampleSettings).run(), { code: 'AC_SETTINGS_INVALID', message: /found no http\.tls\.acme/ })
  const { run, folder } = open(t, settings.replace('storage: s', 'storage: a.yaml'))
  await t.rejects(run(), {
    code: 'AC_CERTIFICATES_UNREADABLE',
    message: new RegExp(`^cannot read the certificates in ${folder}.*ENOTDIR`)
  })
})

t.test(
  'certificates and check: an unreadable file is the problem of its domain, and all others are listed',
  async t => {
    const { run, check, put, folder } = open(t)
    mkdirSync(join(folder, 's/ca.example-dir/groups/example.com.pem'))
    put('short.example', { until: 1.5 })
    const { code, out } = await run()
    t.equal(code, 1)
    t.match(out, /^example\.com: no certificate; not tried yet; cannot read .*example\.com\.pem: EISDIR.*$/m)
    t.match(out, 'short.example: autoconfig.short.example; ')
    const checked = await check()
    t.match(checked.out, /the certificate of example\.com is missing or incomplete: cannot read .*: EISDIR[^;]*$/m)
  }
)

t.test('check: warns of certificates by ACME that are missing, and not of names without a file', async t => {
  const { check, putState } = open(t)
  putState('example.com', { nextAt, problem: 'autoconfig.example.com: port 80: no such host' })
  const { code, out } = await check()
  t.equal(code, 0)
  t.match(
    out,
    'http.tls.acme: warning: the certificate of example.com is missing or incomplete: autoconfig.example.com: port 80: no such host; next attempt '
  )
  t.equal(out.includes('found none for'), false)
  const files = 'storage: s, ca: none.pem, externalAccount: { id: a, hmacKeyFile: c2VjcmV0 }'
  const unreadable = await open(t, settings.replace('storage: s', files)).check()
  t.equal(unreadable.code, 1)
  t.match(unreadable.out, 'http.tls.acme.ca: cannot read none.pem: no such file')
  t.match(unreadable.out, 'http.tls.acme.externalAccount.hmacKeyFile: cannot read the file: no such file')
  t.equal(unreadable.out.includes('c2VjcmV0'), false)
  const broken = await open(t, settings.replace('storage: s', 'storage: a.yaml')).check()
  t.match(broken.out, /http\.tls\.acme\.storage: warning: cannot read/)
})
