// Signpost's own http and https on the standard ports, without a proxy, used by curl, openssl and a real Thunderbird.

import { copyFile, mkdtemp, readFile, rename, rm } from 'node:fs/promises'
import { get } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { TLSSocket } from 'node:tls'
import t from 'tap'
import { type Certificate, createAuthority } from './certificate-authority.ts'
import { askWeb } from './curl.ts'
import { startDnsStub } from './dns-stub.ts'
import { WORLD_ADDRESS } from './namespace.ts'
import { run } from './program.ts'
import { startSignpostAlone } from './signpost.ts'
import { startThunderbird } from './thunderbird.ts'

const directory = await mkdtemp(join(tmpdir(), 'signpost-tls-'))
t.teardown(() => rm(directory, { recursive: true, maxRetries: 5 }))
const file = (name: string) => join(directory, name)

const hostsOf = (domain: string) => [`autoconfig.${domain}`, `autodiscover.${domain}`, domain]
const authority = await createAuthority(file('authority'))

/** The files of a domain, which are renewed as certbot does: written to new files, and replaced one after the other. */
async function install(domain: string, { chain, key }: Certificate): Promise<void> {
  for (const [from, to] of [
    [chain, file(`${domain}.pem`)],
    [key, file(`${domain}.key`)]
  ] as const) {
    await copyFile(from, `${to}.new`)
    await rename(`${to}.new`, to)
  }
}

const domains = ['one.test', 'two.test']
for (const domain of domains) await install(domain, await authority.issue(hostsOf(domain)))

const settings = `
http:
  host: ${WORLD_ADDRESS}
  port: 80
  tls:
    port: 443
    certificates:
${domains.map(domain => `      - { certificate: ${file(domain)}.pem, key: ${file(domain)}.key }`).join('\n')}
providers:
${domains
  .map(
    domain => `  - id: ${domain}
    name: Mail of ${domain}
    domains: [${domain}]
    servers:
      - { protocol: imap, host: imap.${domain} }
      - { protocol: smtp, host: smtp.${domain} }`
  )
  .join('\n')}
`

const dns = await startDnsStub({ hosts: [...domains.flatMap(hostsOf), 'elsewhere.test'] })
t.teardown(dns.stop)
const ready = [80, 443].map(port => ({ host: WORLD_ADDRESS, port }))
const signpost = await startSignpostAlone(file('signpost'), settings, ready)
t.teardown(signpost.stop)

/** @returns the output of `openssl s_client` for a handshake */
async function shakeHands(name: string, ...options: string[]): Promise<string> {
  const args = ['-connect', `${WORLD_ADDRESS}:443`, '-servername', name, '-CAfile', authority.root, ...options]
  // Why </dev/null: otherwise it waits for input.
  const { output } = await run('sh', ['-c', 'openssl s_client "$@" </dev/null', 'sh', ...args])
  return output
}

t.test('openssl: each domain gets its own certificate, and other names the first one', async t => {
  for (const [name, subject] of [
    ['autoconfig.one.test', 'autoconfig.one.test'],
    ['autoconfig.two.test', 'autoconfig.two.test'],
    ['two.test', 'autoconfig.two.test'],
    ['elsewhere.test', 'autoconfig.one.test']
  ] as const) {
    const said = await shakeHands(name)
    t.match(said, new RegExp(`^subject=CN ?= ?${subject}$`, 'm'), name)
    t.match(said, 'Verify return code: 0 (ok)')
  }
  t.match(await shakeHands('one.test', '-verify_hostname', 'one.test'), 'Verified peername: one.test')
})

t.test('openssl: TLS 1.3 and 1.2 are accepted, but not 1.1, 1.0 and ciphers without forward secrecy', async t => {
  t.match(await shakeHands('one.test'), 'New, TLSv1.3, Cipher is TLS_AES_')
  t.match(await shakeHands('one.test', '-tls1_2'), 'New, TLSv1.2, Cipher is ECDHE-ECDSA-AES128-GCM-SHA256')
  for (const options of [
    ['-tls1_1', '-cipher', 'ALL:@SECLEVEL=0'],
    ['-tls1', '-cipher', 'ALL:@SECLEVEL=0'],
    ['-tls1_2', '-cipher', 'ECDHE-ECDSA-AES128-SHA256'],
    ['-tls1_2', '-cipher', 'AES128-GCM-SHA256']
  ]) {
    const said = await shakeHands('one.test', ...options)
    t.match(said, /alert (?:protocol version|handshake failure)/, options.join(' '))
    t.match(said, 'Cipher is (NONE)')
  }
})

t.test('curl: gets autoconfig over http and https, and is redirected to https for autodiscover', async t => {
  for (const domain of domains) {
    const path = `autoconfig.${domain}/mail/config-v1.1.xml`
    const [plain, secure] = await Promise.all(
      ['http', 'https'].map(scheme => askWeb(`${scheme}://${path}`, authority.root))
    )
    t.equal(secure?.status, 200)
    t.match(secure?.body, `<hostname>imap.${domain}</hostname>`)
    t.same(plain, secure)
    const discovery = `autodiscover.${domain}/autodiscover/autodiscover.xml`
    const { status, location } = await askWeb(`http://${discovery}`, authority.root)
    t.same([status, location], [302, `https://${discovery}`])
    t.match(await askWeb(location, authority.root), { status: 200, body: /<Server>imap\./ })
  }
})

t.test('renewal: a new certificate is used while requests are in progress, and none of them fails', async t => {
  const name = 'autoconfig.one.test'
  const request = {
    // Why by address: this process itself is the DNS server of the network.
    host: WORLD_ADDRESS,
    path: '/mail/config-v1.1.xml',
    headers: { host: name },
    servername: name,
    ca: await readFile(authority.root),
    // Why: each request uses a new connection.
    agent: false
  }
  const serials = new Set<string>()
  let going = true
  let answered = 0
  const failures: unknown[] = []

  async function ask(): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    get(request, async response => {
      const { serialNumber } = (response.socket as TLSSocket).getPeerCertificate()
      const body = await text(response)
      if (response.statusCode !== 200 || !body.endsWith('</clientConfig>\n')) reject(new Error(body))
      serials.add(serialNumber)
      answered += 1
      resolve()
    }).once('error', reject)
    await promise.catch(error => failures.push(error))
  }

  async function askOnAndOn(): Promise<void> {
    while (going) await ask()
  }

  async function until(isSo: () => boolean): Promise<void> {
    while (!isSo()) await new Promise(resolve => setTimeout(resolve, 50))
  }

  const asking = Array.from({ length: 8 }, askOnAndOn)
  await until(() => serials.size === 1)
  for (let renewals = 1; renewals <= 3; renewals++) {
    await install('one.test', await authority.issue(hostsOf('one.test')))
    await until(() => serials.size === renewals + 1)
  }
  going = false
  await Promise.all(asking)
  t.comment(`${answered} requests on separate connections during three renewals`)
  t.same(failures, [])
  t.ok(answered > 100)
  t.match(await shakeHands('two.test'), 'Verify return code: 0 (ok)')
})

t.test("thunderbird: finds the accounts of both domains by Signpost's own https", async t => {
  const thunderbird = await startThunderbird(file('thunderbird'), authority.root, 'https://ispdb.invalid/')
  t.teardown(thunderbird.stop)
  for (const domain of domains) {
    const username = `jane@${domain}`
    const found = { port: 993, security: 'SSL', authentication: 'passwordCleartext', username }
    t.match(await thunderbird.discover(username, 'secret'), {
      source: 'xml-from-isp-https',
      url: `https://autoconfig.${domain}/mail/config-v1.1.xml`,
      incoming: { type: 'imap', hostname: `imap.${domain}`, ...found },
      outgoing: { type: 'smtp', hostname: `smtp.${domain}`, ...found, port: 465 }
    })
  }
})
