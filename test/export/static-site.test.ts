import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { writeCaddy } from '../../src/export/caddy.ts'
import { writeNginx } from '../../src/export/nginx.ts'
import { toStaticSite } from '../../src/export/static-site.ts'
import { writeTree } from '../../src/export/write-tree.ts'
import { serveApp } from '../support/served-app.ts'
import { tableOf } from '../support/table-of.ts'

const settings = `providers:
  - id: example
    name: Example Mail
    domains: [example.com, bücher.example, "*.example.net"]
    mx: ["*.mx.hoster.example", mx1.example.com]
    servers:
      - { protocol: imap, host: imap.%EMAILDOMAIN% }
      - { protocol: smtp, host: smtp.example.com }
      - { protocol: caldav, url: "https://dav.example.com/cal/?a={$b}" }
      - { protocol: jmap, url: "https://jmap.%EMAILDOMAIN%/" }
  - id: profiles
    name: Profiles
    domains: [profiles.example, "*"]
    dialects: { thunderbird: false, outlook: false, pacc: false }
    servers: [{ protocol: imap, host: imap.profiles.example }, { protocol: smtp, host: smtp.profiles.example }]
`
const table = tableOf(settings)
const site = toStaticSite(table, table.providers)
const hostsOf = (hosts: typeof site.services) => hosts.map(({ host }) => host)

t.test('static site: contains every host that mail programs contact without an address', async t => {
  t.same(hostsOf(site.services), [
    ...['autoconfig', 'autodiscover', 'ua-auto-config'].map(label => `${label}.example.com`),
    ...['autoconfig', 'autodiscover', 'ua-auto-config'].map(label => `${label}.xn--bcher-kva.example`),
    ...['mx.hoster.example', 'hoster.example', 'mx1.example.com'].map(domain => `autoconfig.${domain}`)
  ])
  t.same(hostsOf(site.domains), ['example.com', 'xn--bcher-kva.example'])
})

t.test('static site: every file equals the response of the server, with the same headers', async t => {
  const { app } = serveApp(t, settings)
  const files = [...site.services, ...site.domains].flatMap(({ host, files }) => files.map(file => ({ host, ...file })))
  t.equal(files.length, 23)
  for (const { host, path, headers, body } of files) {
    const answer = await app.inject({ url: path, headers: { host } })
    t.equal(answer.statusCode, 200)
    t.equal(answer.body, body, host + path)
    t.match(answer.headers, headers)
  }
})

t.test('static site: targets of redirects contain no variables of web servers', async t => {
  t.same(site.domains[0]?.redirects, [
    { path: '/.well-known/caldav', status: 307, location: 'https://dav.example.com/cal/?a=%7B%24b%7D' },
    { path: '/.well-known/jmap', status: 307, location: 'https://jmap.example.com/' }
  ])
})

t.test('static site: reports what it omits', async t => {
  t.same(site.omissions, [
    'example: "*.example.net" is omitted because it matches any number of hosts',
    'example: customers at *.mx.hoster.example are omitted because their settings depend on the domain',
    'example: customers at mx1.example.com are omitted because their settings depend on the domain',
    'profiles: "*" is omitted because it matches any number of hosts'
  ])
  const plain = tableOf(settings.replace('imap.%EMAILDOMAIN%', 'imap.example.com').replace(/.*jmap.*\n/, ''))
  t.notMatch(toStaticSite(plain, plain.providers).omissions.join(), 'customers')
})

t.test('nginx: one location for each path, each host name once, and no empty blocks', async t => {
  const { 'nginx.conf': conf = '', 'nginx-website.conf': website = '' } = writeNginx(site, '/srv/mail')
  t.equal(conf.match(/^ {4}location ~\* /gm)?.length, 5)
  t.match(conf, '        autoconfig.mx1.example.com;\n')
  t.match(conf, '    xn--bcher-kva.example "https://jmap.xn--bcher-kva.example/";')
  t.match(conf, 'default_type "text/xml; charset=utf-8";')
  t.match(website, 'root "/srv/mail/$host";')
  t.match(website, 'location = /.well-known/jmap {')
  t.notMatch(website, 'location = /.well-known/carddav')
  const nothing = { services: [], domains: [], omissions: [] }
  t.notMatch(writeNginx(nothing, '/srv')['nginx.conf'], 'server {')
  t.same(Object.keys(writeNginx(nothing, '/srv')), ['nginx.conf'])
})

t.test('Caddy: one snippet per path, one site per host, and one snippet per website', async t => {
  const { Caddyfile = '' } = writeCaddy(site, '/srv/mail')
  t.equal(Caddyfile.match(/file_server/g)?.length, 6)
  t.match(
    Caddyfile,
    'http://autoconfig.example.com, https://autoconfig.example.com {\n\timport signpost_mail_config_v1_1_xml /srv/mail/autoconfig.example.com\n'
  )
  t.match(Caddyfile, '(signpost_example.com) {\n')
  t.match(Caddyfile, '\tredir /.well-known/jmap "https://jmap.example.com/" 307\n')
})

const manifest = 'manifest.json'
const files = new Map([
  ['a/b.xml', 'first'],
  [manifest, '{}']
])
const again = new Map([
  ['a/c.xml', 'second'],
  [manifest, '{}']
])

t.test('writeTree: the tree appears atomically, is readable by everyone, and replaces an earlier one', async t => {
  const folder = join(t.testdir({}), 'deep', 'site')
  t.equal(writeTree(folder, files, { manifest, force: false }), undefined)
  t.equal(readFileSync(join(folder, 'a/b.xml'), 'utf8'), 'first')
  t.equal(statSync(folder).mode & 0o777, 0o755)
  t.equal(writeTree(folder, again, { manifest, force: false }), undefined)
  t.same(readdirSync(join(folder, 'a')), ['c.xml'])
  t.same(readdirSync(join(folder, '..')), ['site'], 'nothing is left beside it')
})

t.test('writeTree: accepts an empty folder, also behind a link', async t => {
  const parent = t.testdir({ empty: {} })
  symlinkSync('empty', join(parent, 'link'))
  writeTree(join(parent, 'link'), files, { manifest, force: false })
  t.ok(existsSync(join(parent, 'empty', manifest)))
  t.ok(existsSync(join(parent, 'link', manifest)))
})

t.test('writeTree: refuses a folder with other files, or renames it', async t => {
  const folder = join(t.testdir({ site: { 'index.html': 'mine' } }), 'site')
  t.throws(() => writeTree(folder, files, { manifest, force: false }), { code: 'AC_EXPORT_OCCUPIED' })
  t.same(readdirSync(folder), ['index.html'])
  const aside = writeTree(folder, files, { manifest, force: true })
  t.equal(aside, `${folder}.before`)
  t.same(readdirSync(`${folder}.before`), ['index.html'])
  t.ok(existsSync(join(folder, manifest)))
})

t.test('writeTree: reports what cannot be written, and keeps the old tree', async t => {
  const parent = t.testdir({ file: 'a file', site: { 'index.html': 'mine' }, 'site.before': { x: '' } })
  t.throws(() => writeTree(join(parent, 'file'), files, { manifest, force: false }), {
    code: 'AC_CANNOT_WRITE',
    message: /ENOTDIR/
  })
  t.throws(() => writeTree(join(parent, 'site'), files, { manifest, force: true }), {
    code: 'AC_CANNOT_WRITE',
    message: /ENOTEMPTY/
  })
  t.same(readdirSync(join(parent, 'site')), ['index.html'])
  mkdirSync(join(parent, 'own'))
  writeFileSync(join(parent, 'own', manifest), '')
  const broken = new Map([...files, ['a/b.xml/c', 'no folder']])
  t.throws(() => writeTree(join(parent, 'own'), broken, { manifest, force: false }), { code: 'AC_CANNOT_WRITE' })
  t.same(readdirSync(join(parent, 'own')), [manifest])
  t.same(readdirSync(parent).sort(), ['file', 'own', 'site', 'site.before'])
})

t.test('static site: Outlook is redirected to the Exchange service of a provider', async t => {
  const exchange = tableOf(`providers:
  - id: example
    name: Example Mail
    domains: [example.com]
    servers: [{ protocol: imap, host: imap.example.com }, { protocol: smtp, host: smtp.example.com }]
    autodiscover: { redirect: https://ex.example.net }
`)
  const { services } = toStaticSite(exchange, exchange.providers)
  t.same(services.find(({ host }) => host === 'autodiscover.example.com')?.redirects, [
    {
      path: '/autodiscover/autodiscover.xml',
      status: 302,
      location: 'https://ex.example.net/autodiscover/autodiscover.xml'
    }
  ])
})
