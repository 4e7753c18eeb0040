import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import t from 'tap'
import { check } from '../../../src/cli/commands/check.ts'
import { render } from '../../../src/cli/commands/render.ts'
import { dialects } from '../../../src/dialects/index.ts'
import { runCommand } from '../../support/cli/terminal.ts'
import { exampleSettings } from '../../support/served-app.ts'

t.test('check: exits with 0 for a valid table, and prints the dialects of each provider', async t => {
  const file = join(t.testdir({ 'a.yaml': exampleSettings }), 'a.yaml')
  const { code, out, err } = await runCommand(check, ['--config', file])
  t.equal(code, 0)
  t.equal(err, '')
  const lines = out
    .trimEnd()
    .split('\n')
    .filter(line => !line.includes(': warning: '))
  const spoken = 'Thunderbird autoconfig, Outlook autodiscover'
  t.match(lines[0], `${file}: provider example (example.com, xn--bcher-kva.example): ${spoken}`)
  t.match(lines[0], 'Apple profile')
  t.match(lines[1], `${file}: provider customers (*.customers.example): ${spoken}`)
  t.notMatch(lines[1], 'Apple profile')
})

t.test('check: lists the mail programs that would not find the settings, with the reason', async t => {
  const file = join(t.testdir({ 'a.yaml': exampleSettings }), 'a.yaml')
  const { code, out } = await runCommand(check, ['--config', file])
  t.equal(code, 0)
  const where = `${file}:12:5 providers[1]: warning: customers: `
  t.match(out, `${where}Apple Mail (profile) finds nothing: no profile\n`, 'because the dialect is switched off')
  t.notMatch(out.replaceAll('warning: example: these programs', ''), 'providers[0]: warning: ')
})

t.test(
  'check: a provider whose example domain belongs to another provider gets no warnings about programs',
  async t => {
    const servers = 'servers: [{ protocol: imap, host: a.example }, { protocol: smtp, host: a.example }]'
    const text = `providers:
  - { id: a, name: A, domains: ["*.b.example"], username: "%EMAILLOCALPART%", ${servers} }
  - { id: b, name: B, domains: [example.b.example], ${servers} }
`
    const file = join(t.testdir({ 'a.yaml': text }), 'a.yaml')
    const { out } = await runCommand(check, ['--config', file])
    t.notMatch(out, ': a: ')
  }
)

t.test('check: notes that Thunderbird needs SRV records for calendars at another host, and exits with 0', async t => {
  const text = exampleSettings.replace(
    'servers:',
    'servers:\n      - { protocol: caldav, url: "https://dav.example.com/" }'
  )
  const file = join(t.testdir({ 'a.yaml': text }), 'a.yaml')
  const { code, out } = await runCommand(check, ['--config', file])
  t.equal(code, 0)
  t.match(out, /providers\[0\]: note: example: Thunderbird .* the SRV records _caldavs\._tcp\.example\.com, /)
})

const matrixTable = `providers:
  - id: plain
    name: Plain
    domains: [example.com]
    servers:
      - { protocol: imap, host: imap.example.com, username: "%EMAILLOCALPART%" }
      - { protocol: smtp, host: smtp.example.com }
  - id: script
    name: Script
    domains: [bücher.example]
    servers:
      - { protocol: pop3, host: pop.example.com }
      - { protocol: smtp, host: smtp.example.com }
`

t.test('check: --matrix prints the result of every program for an address of each provider', async t => {
  const file = join(t.testdir({ 'a.yaml': matrixTable }), 'a.yaml')
  const { code, out } = await runCommand(check, ['--config', file, '--matrix'])
  t.equal(code, 0)
  const lines = out.split('\n')
  t.equal(lines[0], 'provider plain, as jane.doe@example.com:')
  const lineOf = (title: string, from = 0) =>
    lines.findIndex((line, index) => index > from && line.startsWith(`  ${title} `))
  t.match(
    lines[lineOf('Thunderbird')],
    /^ {2}Thunderbird {10,}imap imap\.example\.com:993 tls, smtp smtp\.example\.com:465 tls, as jane\.doe and jane\.doe@example\.com$/
  )
  const geary = lineOf('Geary')
  t.match(lines[geary], /imap imap\.example\.com:993 tls, .*, as jane\.doe@example\.com$/)
  t.match(lines[geary + 1], /^ {20,}differs: logs in to imap as jane\.doe@example\.com, expected jane\.doe$/)
  const second = lines.indexOf('provider script, as jane.doe@xn--bcher-kva.example:')
  t.match(lines[lineOf('Geary', second)], /finds nothing: /)
  t.match(lines[lineOf('Outlook (own wizard)', second)], /pop3 .*, as jane\.doe@xn--bcher-kva\.example$/)
  t.match(lines.at(-3), /^ {2}typed as jane\.doe@bücher\.example, these find nothing: Thunderbird, KMail/)
  t.match(lines.at(-2), /^ {2}typed as jane\.doe@bücher\.example, these log in as typed: Evolution/)
  t.notMatch(out, 'warning')
})

t.test('check: --matrix --json prints the same as JSON', async t => {
  const file = join(t.testdir({ 'a.yaml': matrixTable }), 'a.yaml')
  const { code, out } = await runCommand(check, ['--config', file, '--matrix', '--json'])
  t.equal(code, 0)
  const { providers } = JSON.parse(out)
  const programOf = (index: number, name: string) =>
    providers[index].programs.find((program: { name: string }) => program.name === name)
  t.match(providers[0], { id: 'plain', address: 'jane.doe@example.com', nativeScript: null })
  t.match(programOf(0, 'geary'), {
    ...{ title: 'Geary', verdict: 'different', detail: /^logs in to imap as/ },
    incoming: {
      protocol: 'imap',
      host: 'imap.example.com',
      port: 993,
      security: 'tls',
      username: 'jane.doe@example.com'
    },
    outgoing: { protocol: 'smtp', port: 465 },
    from: 'https://autoconfig.example.com/mail/config-v1.1.xml'
  })
  t.match(programOf(1, 'geary'), { verdict: 'nothing', incoming: null, outgoing: null, from: null })
  t.equal(providers[1].nativeScript.typed, 'jane.doe@bücher.example')
  t.same(providers[1].nativeScript.findNothing, ['thunderbird', 'kde'])
  t.ok(providers[1].nativeScript.logInAsTyped.includes('evolution'))
})

t.test(
  'check: --matrix says where programs find calendars and contacts, and whether only with SRV records',
  async t => {
    const text = `providers:
  - id: dav
    name: Dav
    domains: [example.com]
    servers:
      - { protocol: imap, host: imap.example.com }
      - { protocol: smtp, host: smtp.example.com }
      - { protocol: caldav, url: "https://dav.example.com/calendars/" }
`
    const file = join(t.testdir({ 'a.yaml': text }), 'a.yaml')
    const { out } = await runCommand(check, ['--config', file, '--matrix'])
    const thunderbird = 'Thunderbird, calendars and address books'
    t.match(out, `  ${thunderbird}: caldav https://dav.example.com:443/calendars/, only with SRV records\n`)
    t.match(out, `  ${thunderbird}: carddav nothing\n`)
    t.match(out, '  DAVx5: caldav https://dav.example.com/calendars/\n')
    const json = JSON.parse((await runCommand(check, ['--config', file, '--matrix', '--json'])).out)
    t.match(json.providers[0].davPrograms[0], {
      ...{ name: 'thunderbird-dav', release: /153/ },
      found: { caldav: null, carddav: null },
      withRecords: { caldav: 'https://dav.example.com:443/calendars/', carddav: null }
    })
  }
)

t.test('check: --matrix of a faulty table prints the errors, and exits with 1', async t => {
  const file = join(t.testdir({ 'a.yaml': 'providers: 1' }), 'a.yaml')
  const { code, out } = await runCommand(check, ['--config', file, '--matrix', '--json'])
  t.equal(code, 1)
  t.match(out, /^.*a\.yaml:1:\d+ providers: /)
})

t.test('check: --json needs --matrix, which excludes --lookup', async t => {
  await t.rejects(runCommand(check, ['--json']), { code: 'AC_USAGE', message: /--json/ })
  await t.rejects(runCommand(check, ['--matrix', '--lookup', 'x']), { code: 'AC_USAGE', message: /--lookup/ })
})

t.test('check: a provider whose servers accept only NTLM is served to Outlook, with SPA on', async t => {
  const servers = ['imap', 'smtp'].map(
    protocol => `      - { protocol: ${protocol}, host: ${protocol}.example.com, authentication: [ntlm] }\n`
  )
  const text = `providers:\n  - id: example\n    name: Example Mail\n    domains: [example.com]\n    servers:\n${servers.join('')}`
  const file = join(t.testdir({ 'a.yaml': text }), 'a.yaml')
  const { code, out } = await runCommand(check, ['--config', file])
  t.equal(code, 0)
  t.match(out, /: provider example \(example\.com\): .*Outlook autodiscover,/)
  t.notMatch(out, 'Outlook autodiscover is not served')
  const rendered = await runCommand(render, ['outlook', 'jane@example.com', '--config', file])
  t.equal(rendered.code, 0)
  t.equal(rendered.out.match(/<SPA>on<\/SPA>/g)?.length, 2)
})

t.test('check: prints warnings, and exits with 0', async t => {
  const text = exampleSettings.replace('name: Customers', 'name: Customers\n    shortName: thirteen long')
  const file = join(t.testdir({ 'a.yaml': text }), 'a.yaml')
  const { code, out } = await runCommand(check, [], { SIGNPOST_CONFIG: file })
  t.equal(code, 0)
  t.match(out, `${file}:14:16 providers[1].shortName: warning: `)
})

t.test('check: reports a provider that is not served in any dialect', async t => {
  const off = dialects.map(({ name }) => `${name}: false`).join(', ')
  const file = join(t.testdir({ 'a.yaml': exampleSettings.replace('apple: false', off) }), 'a.yaml')
  const { out } = await runCommand(check, ['--config', file])
  t.match(out, 'provider customers (*.customers.example): nothing is served\n')
})

t.test('check: exits with 1 for an invalid table, and prints every finding with its position', async t => {
  const file = join(
    t.testdir({ 'a.yaml': exampleSettings.replace('imap,', 'imaps,').replace('name: Customers', 'nmae: Customers') }),
    'a.yaml'
  )
  const { code, out, err } = await runCommand(check, ['--config', file])
  t.equal(code, 1)
  t.equal(err, '')
  const lines = out.trimEnd().split('\n')
  t.match(lines[0], `${file}:9:21 providers[0].servers[0].protocol: found "imaps", expected one of imap,`)
  t.ok(lines.some(line => line.includes('providers[1].nmae: unknown key, did you mean "name"?')))
  t.ok(lines.every(line => line.startsWith(`${file}:`)))
})

t.test('check: reports a file that cannot be read', async t => {
  const folder = t.testdir({})
  await t.rejects(runCommand(check, ['--config', folder]), {
    code: 'AC_SETTINGS_UNREADABLE',
    message: 'it is a folder'
  })
  await t.rejects(runCommand(check, ['--config', join(folder, 'no.yaml')]), {
    code: 'AC_SETTINGS_UNREADABLE',
    message: `cannot read the settings table ${folder}/no.yaml: no such file`
  })
})

t.test('check: a password file of the console is read, and a short password is a warning', async t => {
  for (const [password, expected, found] of [
    ['twelve chars\n', 0, undefined],
    ['eleven char\n', 0, 'admin.passwordFile: warning: found a password of less than 12 characters'],
    ['\n', 1, 'admin.passwordFile: found an empty file, expected a password']
  ] as const) {
    const folder = t.testdir({
      password,
      'a.yaml': `admin: { passwordFile: password }
providers:
  - { id: a, name: A, domains: [a.example], servers: [{ protocol: imap, host: a.example }, { protocol: smtp, host: a.example }] }
`
    })
    const { code, out } = await runCommand(check, ['--config', join(folder, 'a.yaml')])
    t.equal(code, expected, password)
    if (found === undefined) t.notMatch(out, 'passwordFile')
    else t.match(out, found)
    t.notMatch(out, 'eleven char', 'the password is not printed')
  }
})

t.test('check: one run reports wrong values, contradictions and unusable files', async t => {
  const folder = t.testdir({
    sub: {},
    'a.yaml': `limits: { rate: { redis: 'redis://127.0.0.1', redisPasswordFile: none } }
admin: { passwordFile: hunter2 }
signing: { certificate: none.pem, key: none.key }
http: { tls: { certificates: [{ certificate: none.pem, key: none.key }] }, prot: 1 }
directory: { type: postgres, query: 'SELECT domain FROM d WHERE domain = :domain', user: a, database: d, passwordFile: sub, ca: none.pem }
users: { type: sqlite, file: none.sqlite, query: 'SELECT address, login AS username FROM u WHERE address = :address', unknown: 'u#######', secretFile: none }
providers:
  - id: a
    name: A
    domains: [a.example, a..b]
    brand: { logo: none.svg }
    servers: [{ protocol: imaps, host: imap.example.com }, { protocol: smtp, host: smtp.example.com }]
`
  })
  const { code, out } = await runCommand(check, ['--config', join(folder, 'a.yaml')])
  t.equal(code, 1)
  for (const part of [
    'http.prot: unknown key',
    'providers[0].domains[1]: found "a..b"',
    'providers[0].servers[0].protocol: found "imaps"',
    'limits.rate.redisPasswordFile: cannot read the file: no such file',
    'admin.passwordFile: cannot read the file: no such file',
    'directory.passwordFile: cannot read the file: it is a folder',
    'directory.ca: cannot read none.pem: no such file',
    'users.file: warning: cannot read none.sqlite: no such file',
    'users.secretFile: cannot read the file: no such file',
    'signing.certificate: ',
    'http.tls.certificates[0].certificate: '
  ]) {
    t.ok(out.includes(part), part)
  }
  t.notOk(out.includes('hunter2'))
  t.match(out, /providers\[0\]\.brand\.logo: warning: cannot read .*none\.svg: no such file/)
})

t.test(
  'check: files are examined next to values that do not match the schema, which cause no further finding',
  async t => {
    const folder = t.testdir({
      'a.yaml': `signing: { certificate: none.pem, kee: none.key }
http: { tls: { certificates: [{ kee: none.key }, 7, { certificate: [], key: none.key }] } }
users: { type: sqlite, file: none.sqlite, query: 'SELECT address FROM u WHERE address = :address', unknown: 'u#######', secretFile: 7, colour: red }
directory: { type: sqlite, file: none.sqlite, query: 7 }
providers:
  - { id: a, name: A, domains: [a.example], servers: [{ protocol: imap, host: a.example }, { protocol: smtp, host: a.example }] }
`
    })
    const { code, out } = await runCommand(check, ['--config', join(folder, 'a.yaml')])
    t.equal(code, 1)
    const lines = out.trimEnd().split('\n')
    t.same(
      lines.map(line => line.slice(folder.length + 1).split(/, (?:expected|which|did)|: no such/)[0]),
      [
        'a.yaml:1:35 signing.kee: unknown key',
        'a.yaml:2:31 http.tls.certificates[0]: found no certificate',
        'a.yaml:2:33 http.tls.certificates[0].kee: unknown key',
        'a.yaml:2:50 http.tls.certificates[1]: found 7',
        'a.yaml:2:68 http.tls.certificates[2].certificate: found a list of 0',
        'a.yaml:3:133 users.secretFile: found another value',
        'a.yaml:3:136 users.colour: unknown key',
        'a.yaml:4:54 directory.query: found 7',
        'a.yaml:4:34 directory.file: warning: cannot read none.sqlite',
        'a.yaml:3:30 users.file: warning: cannot read none.sqlite',
        'none.pem:1:1 signing.certificate: warning',
        'none.key:1:1 signing.key: warning',
        'none.key:1:1 http.tls.certificates[0].key',
        'none.key:1:1 http.tls.certificates[2].key'
      ]
    )
  }
)

t.test('check: warns of mail programs also if another provider has an error', async t => {
  const settings = exampleSettings
    .replace('imap.example.com', 'https://a')
    .replace('"*.customers.example"', 'c.example')
  const file = join(t.testdir({ 'a.yaml': settings }), 'a.yaml')
  const { code, out } = await runCommand(check, ['--config', file])
  t.equal(code, 1)
  t.same(
    out.split('\n').map(line => line.slice(file.length).split(', ')[0]),
    [
      ':9:33 providers[0].servers[0].host: found "https://a"',
      ':12:5 providers[1]: warning: customers: Apple Mail (profile) finds nothing: no profile',
      ''
    ]
  )
})

t.test(
  'check: a database that does not fit the table is a warning with its position, because the service starts',
  async t => {
    const text = `directory: { type: sqlite, file: FILE, query: 'SELECT domain FROM d WHERE domain = :domain' }\n${exampleSettings}`
    const folder = t.testdir({
      'fitting.yaml': text.replace('FILE', 'fitting.sqlite'),
      'empty.yaml': text.replace('FILE', 'empty.sqlite'),
      'device.yaml': text.replace('FILE', '/dev/null'),
      'empty.sqlite': ''
    })
    const database = new DatabaseSync(join(folder, 'fitting.sqlite'))
    database.exec('CREATE TABLE d (domain)')
    database.close()
    for (const [name, expected] of [
      ['fitting', []],
      ['empty', [':1:55 directory.query: warning: for empty.sqlite, the query fails: no such table: d']],
      ['device', [':1:34 directory.file: warning: cannot read /dev/null: it is not an ordinary file']]
    ] as const) {
      const file = join(folder, `${name}.yaml`)
      const { code, out } = await runCommand(check, ['--config', file])
      t.equal(code, 0, name)
      t.same(
        out.split('\n').flatMap(line => (line.includes(' directory.') ? [line.slice(file.length)] : [])),
        expected
      )
    }
  }
)

t.test(
  'check: a query with an error, or whose file does not match the schema, is not compared with the database',
  async t => {
    const text = `directory: { type: sqlite, file: a.sqlite, query: 'SELECT provider FROM d WHERE domain = :domain' }
users: { type: sqlite, file: b.sqlite, query: 7, unknown: 'u#######', secretFile: none }
${exampleSettings}`
    const folder = t.testdir({ 'a.yaml': text, 'a.sqlite': '', 'b.sqlite': '' })
    const { code, out } = await runCommand(check, ['--config', join(folder, 'a.yaml')])
    t.equal(code, 1)
    t.match(out, 'directory.query: found no column domain, expected the stored domain')
    t.match(out, 'users.query: found 7')
    t.notMatch(out, 'the query fails')
  }
)
