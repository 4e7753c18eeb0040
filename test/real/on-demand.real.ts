// Debian's Caddy with config/caddy/on-demand.Caddyfile: it gets certificates only for customers that Signpost
// knows.

import { X509Certificate } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import t from 'tap'
import { askWeb } from './curl.ts'
import { startDnsStub } from './dns-stub.ts'
import { WORLD_ADDRESS } from './namespace.ts'
import { run, start } from './program.ts'
import { startSignpostAlone } from './signpost.ts'

/** Exit code of curl if the handshake fails. */
const CURL_NO_HANDSHAKE = 35

const directory = await mkdtemp(join(tmpdir(), 'on-demand-'))
t.teardown(() => rm(directory, { recursive: true, maxRetries: 5 }))
const file = (name: string) => join(directory, name)

const customers = ['listed.test', 'kept-elsewhere.test']
const strangers = ['stranger.test', 'by-mx.test']
const hosts = [...customers, ...strangers].flatMap(domain => [domain, `autoconfig.${domain}`, `autodiscover.${domain}`])
const dns = await startDnsStub({ hosts, mx: { 'by-mx.test': 'mx1.hoster.test' } })
t.teardown(dns.stop)

const database = new DatabaseSync(file('customers.sqlite'))
database.exec("CREATE TABLE domain (name TEXT PRIMARY KEY); INSERT INTO domain VALUES ('kept-elsewhere.test')")
database.close()

const settings = `
http: { host: 127.0.0.1, trustProxy: [127.0.0.1/8] }
admin: {}
mxLookup: {}
directory:
  type: sqlite
  file: ${file('customers.sqlite')}
  query: SELECT name AS domain, 'hoster' AS provider FROM domain WHERE name = :domain
providers:
  - id: hoster
    name: Hoster
    domains: [listed.test]
    mx: [mx1.hoster.test]
    servers:
      - { protocol: imap, host: imap.%EMAILDOMAIN% }
      - { protocol: smtp, host: smtp.%EMAILDOMAIN% }
  - id: rest
    name: Everybody else
    domains: ["*"]
    servers:
      - { protocol: imap, host: imap.rest.test }
      - { protocol: smtp, host: smtp.rest.test }
`
const local = [8080, 9090].map(port => ({ host: '127.0.0.1', port }))
const signpost = await startSignpostAlone(file('signpost'), settings, local)
t.teardown(signpost.stop)

// Why it is changed: no authority could reach this network, and Caddy would install its own as trusted on this machine.
const shipped = await readFile('config/caddy/on-demand.Caddyfile', 'utf8')
const caddyfile = shipped
  .replace(/^\{$/m, '{\n\tadmin off\n\tskip_install_trust')
  .replace(/^\ttls \{$/m, '\ttls internal {')
await mkdir(file('caddy'))
await writeFile(file('caddy/Caddyfile'), caddyfile)
const caddy = await start('caddy', ['run', '--config', file('caddy/Caddyfile'), '--adapter', 'caddyfile'], {
  log: file('caddy.log'),
  env: { HOME: file('caddy'), XDG_DATA_HOME: file('caddy'), XDG_CONFIG_HOME: file('caddy') },
  ready: [80, 443].map(port => ({ host: WORLD_ADDRESS, port }))
})
t.teardown(caddy.stop)
const root = file('caddy/caddy/pki/authorities/local/root.crt')

async function certificateOf(name: string): Promise<X509Certificate> {
  const args = ['-connect', `${WORLD_ADDRESS}:443`, '-servername', name, '-CAfile', root]
  const { output } = await run('sh', ['-c', 'openssl s_client "$@" </dev/null', 'sh', ...args])
  return new X509Certificate(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/.exec(output)?.[0] ?? '')
}

for (const domain of customers) {
  t.test(`caddy: gets a certificate for ${domain} on demand, and passes every dialect on`, async t => {
    for (const name of [`autoconfig.${domain}`, `autodiscover.${domain}`]) {
      const certificate = await certificateOf(name)
      t.equal(certificate.subjectAltName, `DNS:${name}`)
    }
    const autoconfig = await askWeb(`https://autoconfig.${domain}/mail/config-v1.1.xml`, root)
    t.equal(autoconfig.status, 200)
    t.match(autoconfig.body, `<hostname>imap.${domain}</hostname>`)
    const json = '/autodiscover/autodiscover.json?Protocol=AutodiscoverV1&Email='
    const autodiscover = await askWeb(`https://autodiscover.${domain}${json}jane@${domain}`, root)
    t.equal(autodiscover.status, 200)
    t.match(autodiscover.body, `https://autodiscover.${domain}/`)
    const plain = await askWeb(`http://autoconfig.${domain}/mail/config-v1.1.xml`, root)
    t.same([plain.status, plain.location], [200, ''], 'over http too, without a redirect')
  })
}

for (const name of ['autoconfig.stranger.test', 'autoconfig.by-mx.test', 'listed.test', 'stranger.test']) {
  t.test(`caddy: refuses the handshake for ${name}`, async t => {
    const { exitCode } = await run('curl', ['--silent', '--cacert', root, `https://${name}/mail/config-v1.1.xml`])
    t.equal(exitCode, CURL_NO_HANDSHAKE)
  })
}

t.test('caddy: sends Signpost one request for each name, and Signpost counts its responses', async t => {
  const { body } = await askWeb('http://127.0.0.1:9090/metrics', root)
  const counted = (answer: string) => Number(new RegExp(`tls_ask_total\\{answer="${answer}"\\} (\\d+)`).exec(body)?.[1])
  t.equal(counted('served'), 4)
  t.ok(counted('not-served') >= 4)
  t.equal(counted('unavailable'), 0)
})
