import fs, { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
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
  const redirects = site.domains[0]?.redirects.map(({ headers, ...redirect }) => redirect)
  t.same(redirects, [
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
  t.match(conf, 'root "/srv/mail/$host";')
  t.match(website, 'root "/srv/mail/$signpost_host";')
  t.match(website, 'location = /.well-known/jmap {')
  t.notMatch(website, 'location = /.well-known/carddav')
  const nothing = { services: [], domains: [], omissions: [] }
  t.notMatch(writeNginx(nothing, '/srv')['nginx.conf'], 'server {')
  t.same(Object.keys(writeNginx(nothing, '/srv')), ['nginx.conf'])
})

t.test('nginx: requests with addresses are not logged, and hosts are served over IPv6, too', async t => {
  const { 'nginx.conf': conf = '', 'nginx-website.conf': website = '' } = writeNginx(site, '/srv/mail')
  t.match(conf, /^server \{\n {4}listen 80;\n {4}listen \[::\]:80;\n {4}listen 443 ssl;\n {4}listen \[::\]:443 ssl;$/m)
  t.match(conf, /^ {4}access_log off;$/m)
  for (const location of website.split(/^location /m).filter(text => /try_files|^@/.test(text))) {
    t.match(location, /^ {4}access_log off;$/m)
  }
})

t.test(
  'nginx: a website at www. has the files and redirects of its domain, unless the table lists that name',
  async t => {
    t.match(
      writeNginx(site, '/srv')['nginx.conf'],
      'map $host $signpost_host {\n    default $host;\n    "~^www\\.(?<signpost_domain>.+)$" $signpost_domain;\n}\n'
    )
    t.match(writeNginx(site, '/srv')['nginx.conf'], 'map $signpost_host $signpost_jmap {')
    const table = tableOf(settings.replace('[example.com,', '[example.com, www.example.org,'))
    const { 'nginx.conf': conf } = writeNginx(toStaticSite(table, table.providers), '/srv')
    t.match(conf, '    www.example.org www.example.org;\n}\n')
  }
)

t.test(
  'nginx and Caddy: pages of other websites may follow the redirect of JMAP, after an OPTIONS request',
  async t => {
    const { 'nginx.conf': conf, 'nginx-website.conf': website } = writeNginx(site, '/srv')
    t.match(conf, '"~^OPTIONS ." 1;')
    t.match(website, 'location = /.well-known/jmap/ {')
    const preflight = [
      'access-control-allow-origin "*"',
      'access-control-allow-headers "Authorization, Content-Type, *"'
    ]
    for (const header of preflight) {
      t.match(website, `        add_header ${header};\n`)
      t.match(writeCaddy(site, '/srv').Caddyfile, `\t\t\theader ${header}\n`)
    }
    t.match(
      website,
      '    add_header access-control-allow-origin "*";\n    add_header x-content-type-options "nosniff";\n    return 307'
    )
    t.match(
      writeCaddy(site, '/srv').Caddyfile,
      '\t\t\theader x-content-type-options "nosniff"\n\t\t\tredir "https://jmap'
    )
  }
)

const exchange = `
providers:
  - id: exchange
    name: Exchange
    domains: [exchange.example]
    autodiscover: { redirect: "https://mail.example.org/autodiscover/autodiscover.xml" }
    servers:
      - { protocol: imap, host: imap.example.com }
      - { protocol: smtp, host: smtp.example.com }
`

t.test('nginx and Caddy: Outlook is redirected to Exchange with 302 at every host that it requests', async t => {
  const table = tableOf(exchange)
  const only = toStaticSite(table, table.providers)
  const { 'nginx.conf': conf, 'nginx-website.conf': website } = writeNginx(only, '/srv')
  const target = '"https://mail.example.org/autodiscover/autodiscover.xml"'
  t.match(
    conf,
    `map $signpost_host $signpost_autodiscover_xml {
    default "";
    autodiscover.exchange.example ${target};
    exchange.example ${target};
}`
  )
  for (const text of [conf, website]) {
    t.match(text, 'location ~* ^/autodiscover/autodiscover\\.xml$ {')
    t.match(text, 'return 302 $signpost_autodiscover_xml;')
  }
  t.notMatch(conf, '$signpost_preflight')
  t.match(writeCaddy(only, '/srv').Caddyfile, `\tredir /autodiscover/autodiscover.xml ${target} 302\n`)
})

t.test('nginx: the redirect to Exchange comes before the file that other domains have at the same path', async t => {
  const table = tableOf(`${exchange}${settings.replace('providers:\n', '').replace(/^\n*/, '')}`)
  const { 'nginx-website.conf': website = '' } = writeNginx(toStaticSite(table, table.providers), '/srv')
  t.equal(website.match(/autodiscover\\\.xml\$ \{/g)?.length, 1)
  t.match(
    website,
    'location ~* ^/autodiscover/autodiscover\\.xml$ {\n    if ($signpost_autodiscover_xml) {\n        return 302 $signpost_autodiscover_xml;\n    }\n'
  )
})

t.test('Caddy: one snippet per path, one site per host, and one snippet per website', async t => {
  const { Caddyfile = '' } = writeCaddy(site, '/srv/mail')
  t.equal(Caddyfile.match(/file_server/g)?.length, 6)
  t.match(
    Caddyfile,
    'http://autoconfig.example.com, https://autoconfig.example.com {\n\timport signpost_mail_config_v1_1_xml /srv/mail/autoconfig.example.com\n'
  )
  t.match(Caddyfile, '(signpost_example.com) {\n')
  t.match(Caddyfile, '\thandle /.well-known/jmap {\n')
  t.match(Caddyfile, '\thandle /.well-known/jmap/ {\n')
  t.match(Caddyfile, '\t\t\tredir "https://jmap.example.com/" 307\n')
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

t.test('writeTree: everyone can read the tree, whatever the umask', async t => {
  const parent = t.testdir({})
  const umask = process.umask(0o077)
  try {
    writeTree(join(parent, 'deep', 'site'), files, { manifest, force: false })
    t.equal(process.umask(), 0o077)
  } finally {
    process.umask(umask)
  }
  const modeOf = (path: string) => statSync(join(parent, path)).mode & 0o777
  t.same(['deep', 'deep/site', 'deep/site/a'].map(modeOf), [0o755, 0o755, 0o755])
  t.same(['deep/site/a/b.xml', `deep/site/${manifest}`].map(modeOf), [0o644, 0o644])
})

t.test('writeTree: the old tree comes back if the new one cannot take its place', t => {
  const folder = join(t.testdir({ site: { [manifest]: '', old: 'old' } }), 'site')
  const { renameSync } = fs
  fs.renameSync = (from, to) => {
    if (to === folder && !String(from).endsWith('-before')) throw new Error('EIO: i/o error, rename')
    renameSync(from, to)
  }
  syncBuiltinESMExports()
  try {
    t.throws(() => writeTree(folder, files, { manifest, force: false }), { code: 'AC_CANNOT_WRITE', message: /EIO/ })
  } finally {
    fs.renameSync = renameSync
    syncBuiltinESMExports()
  }
  t.same(readdirSync(folder), [manifest, 'old'])
  t.end()
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
      location: 'https://ex.example.net/autodiscover/autodiscover.xml',
      headers: { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', 'content-length': 0 }
    }
  ])
})
