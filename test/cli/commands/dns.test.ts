import { createHash } from 'node:crypto'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import t, { type Test } from 'tap'
import { dns } from '../../../src/cli/commands/dns.ts'
import { render } from '../../../src/cli/commands/render.ts'
import { runCommand } from '../../support/cli/terminal.ts'

const settings = (http = '') => `${http}
providers:
  - id: example
    name: Example Mail
    domains: [example.com]
    servers:
      - { protocol: imap, host: imap.example.com }
      - { protocol: smtp, host: smtp.example.com }
`

function runner(t: Test, text: string) {
  const file = join(t.testdir({ 'a.yaml': text }), 'a.yaml')
  return { file, run: (...argv: string[]) => runCommand(dns, argv, { SIGNPOST_CONFIG: file }) }
}

t.test('dns: the target is --target, or the host of http.publicUrl', async t => {
  const { run } = runner(t, settings('http: { publicUrl: "https://Signpost.example.net:8443" }'))
  t.match((await run('example.com')).out, /^autoconfig\.example\.com\. .* CNAME signpost\.example\.net\.$/m)
  t.match((await run('example.com', '--target', 'Bücher.example')).out, / CNAME xn--bcher-kva\.example\.$/m)
})

t.test('dns: without http.publicUrl, Signpost is at signpost.<domain>, with addresses to fill in', async t => {
  const { run } = runner(t, settings())
  const notes = [
    'http.publicUrl is not set: Signpost is assumed to be at signpost.example.com. --target names another host.',
    'Fill in its addresses:',
    'signpost.example.com. 60 IN A    <IPv4 address>',
    'signpost.example.com. 60 IN AAAA <IPv6 address>'
  ]
  for (const [format, before] of [
    ['bind', '; '],
    ['nsupdate', '; '],
    ['octodns', '# '],
    ['cloudflare-terraform', '# ']
  ] as const) {
    const { out, err } = await run('example.com', '--ttl', '60', '--format', format)
    t.ok(out.startsWith(notes.map(note => `${before}${note}\n`).join('')), format)
    t.match(out, 'signpost.example.com')
    t.equal(err, '')
  }
  const json = await run('example.com', '--ttl', '60', '--format', 'json')
  t.equal(JSON.parse(json.out)[0].target, 'signpost.example.com.')
  t.equal(json.err, notes.map(note => `signpost: ${note}\n`).join(''), 'JSON has no comments')
})

t.test('dns: an IP address in http.publicUrl becomes a record of signpost.<domain>', async t => {
  const { run } = runner(t, settings('http: { publicUrl: "https://192.0.2.1" }'))
  const { out } = await run('example.com')
  t.match(out, /^signpost\.example\.com\. +3600 IN A +192\.0\.2\.1$/m)
  t.match(out, /^autoconfig\.example\.com\. +3600 IN CNAME signpost\.example\.com\.$/m)
  t.match((await run('example.com', '--format', 'octodns')).out, '  type: A\n  value: 192.0.2.1')
  t.match((await run('example.com', '--format', 'cloudflare-terraform')).out, 'content = "192.0.2.1"')
  const json: { type: string }[] = JSON.parse((await run('example.com', '--format', 'json')).out)
  t.match(
    json.find(({ type }) => type === 'A'),
    { name: 'signpost.example.com.', address: '192.0.2.1' }
  )
})

t.test('dns: a domain that is too long for signpost.<domain> needs --target', async t => {
  const long = `${'a.'.repeat(120)}example`
  const { run } = runner(t, settings().replace('example.com]', `${long}]`))
  await t.rejects(run(long), { code: 'AC_USAGE', message: /too long for a host below it, expected --target$/ })
  t.equal((await run(long, '--target', 'signpost.example.net')).code, 0)
})

t.test('dns: --all prints the domains that the table lists by name', async t => {
  const http = 'http: { publicUrl: "https://signpost.example.net" }'
  const { run } = runner(t, settings(http).replace('example.com]', 'example.com, "*.customers.example", b.example]'))
  const { code, out, err } = await run('--all')
  t.equal(code, 0)
  const each = await Promise.all(['example.com', 'b.example'].map(async name => (await run(name)).out))
  t.equal(out, each.join('\n'))
  t.equal(err, 'signpost: "*.customers.example" matches any number of domains: list them one by one\n')
  const json: { name: string }[] = JSON.parse((await run('--all', '--format', 'json')).out)
  t.same(
    json.map(({ name }) => name).filter(name => name.startsWith('autoconfig.')),
    ['autoconfig.example.com.', 'autoconfig.b.example.']
  )
})

t.test('dns: --all exits with 1 if the table lists no domain by name', async t => {
  const { run } = runner(t, settings().replace('example.com]', '"*"]'))
  for (const format of ['bind', 'json']) {
    const { code, out, err } = await run('--all', '--format', format)
    t.same([code, out], [1, ''])
    t.match(err, 'signpost: there are no domains to print\n')
  }
})

t.test('dns: --all and a single domain include the directory', async t => {
  const query = "SELECT name AS domain, host FROM domain WHERE name = :domain COLLATE NOCASE AND name <> 'gone.example'"
  const directory = (list: string) =>
    `directory: { type: sqlite, file: hoster.sqlite, query: "${query}"${list} }\nhttp: { publicUrl: "https://signpost.example.net" }`
  const run = async (list: string, ...argv: string[]) => {
    const { run, file } = runner(t, settings(directory(list)).replace('imap.example.com', '"imap.%EMAILDOMAIN%"'))
    const database = new DatabaseSync(join(dirname(file), 'hoster.sqlite'))
    database.exec('CREATE TABLE domain (name TEXT, host TEXT)')
    const names = ['a.example', 'B.EXAMPLE', 'c.example', 'example.com', 'gone.example', 'not a domain']
    for (const name of names) database.prepare('INSERT INTO domain VALUES (?, NULL)').run(name)
    database.close()
    return await run(...argv)
  }
  t.match((await run('', 'c.example')).out, /^_imaps\._tcp\.c\.example\. .* imap\.c\.example\.$/m)
  const pages = ', list: "SELECT name AS DOMAIN FROM domain WHERE name > :domain ORDER BY name LIMIT 2"'
  const all = await run(pages, '--all')
  t.equal(all.code, 1, 'a domain of the list is not served')
  t.same(
    [...all.out.matchAll(/^autoconfig\.(\S+)\. /gm)].map(([, name]) => name),
    ['example.com', 'b.example', 'a.example', 'c.example']
  )
  t.equal(all.err, 'signpost: gone.example is not served\n')
  const endless = await run(', list: "SELECT name AS domain FROM domain WHERE :domain = :domain"', '--all')
  t.match(endless.out, 'c.example', 'a query that ignores the last domain ends, too')
  const unlisted = await run('', '--all')
  t.match(unlisted.err, 'the table has no directory.list, so the domains of the directory are not included\n')
  await t.rejects(run(', list: "SELECT * FROM domain WHERE name > :domain"', '--all'), {
    code: 'AC_DIRECTORY_UNFIT'
  })
  await t.rejects(run(', list: "SELECT name AS domain FROM other WHERE name > :domain"', '--all'), {
    code: 'AC_UNAVAILABLE'
  })
})

t.test('dns: reports invalid arguments', async t => {
  const { run } = runner(t, settings())
  for (const [argv, message] of [
    [['jane@example.com'], 'found "jane@example.com", expected a domain'],
    [
      ['example.com', '--format', 'toString'],
      '--format: found "toString", expected one of bind, nsupdate, json, octodns'
    ],
    [[], 'dns: found nothing, expected a domain or --all'],
    [['example.com', '--all'], 'found "example.com" and --all, expected one of them'],
    [['a.example', 'b.example'], 'dns: found "a.example" "b.example", expected [domain]'],
    [
      ['--all', '--format', 'octodns'],
      '--all: found --format octodns, which has one file for each domain, expected one of bind, nsupdate, json'
    ],
    [['example.com', '--target', '192.0.2.1'], '--target: found "192.0.2.1", expected a host name'],
    [['example.com', '--ttl', '1h'], '--ttl: found "1h", expected seconds from 0 to 2147483647'],
    [['example.com', '--ttl', '2147483648'], '--ttl: found "2147483648", expected seconds from 0 to 2147483647']
  ] as const) {
    await t.rejects(run(...argv), { code: 'AC_USAGE', message: new RegExp(`^${RegExp.escape(message)}`) })
  }
})

t.test('dns: exits with 1 and one line for a domain that is not served', async t => {
  const { run } = runner(t, settings())
  t.same(await run('other.example', '--target', 'signpost.example.net'), {
    code: 1,
    out: '',
    err: 'signpost: other.example is not served\n'
  })
})

t.test('dns: the digest matches the PACC document that is served', async t => {
  const { run, file } = runner(t, settings())
  const served = await runCommand(render, ['pacc', 'example.com', '--config', file])
  const digest = createHash('sha256').update(served.out).digest('base64')
  const { out } = await run('example.com', '--target', 'signpost.example.net', '--format', 'json')
  const records: { name: string; strings?: string[] }[] = JSON.parse(out)
  t.same(records.find(({ name }) => name === '_ua-auto-config.example.com.')?.strings, [
    `v=UAAC1; a=sha256; d=${digest}`
  ])
})
