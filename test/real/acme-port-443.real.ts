// Certificates by ACME from a real authority (pebble) where only port 443 leads to Signpost, with two workers.

import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { acmeSettings, askWhenIdle, certificateAt, customersDirectory, filesIn, waitFor } from './acme-site.ts'
import { startDnsStub } from './dns-stub.ts'
import { WORLD_ADDRESS } from './namespace.ts'
import { PEBBLE_HOST, startPebble } from './pebble.ts'
import { run } from './program.ts'
import { startSignpostAlone } from './signpost.ts'

const directory = await mkdtemp(join(tmpdir(), 'acme-port-443-'))
t.teardown(() => rm(directory, { recursive: true, maxRetries: 5 }))
const file = (name: string) => join(directory, name)
const log = file('signpost/signpost.log')

const listed = ['one.test', 'two.test']
const domains = [...listed, 'customer.test']
const namesOf = (domain: string) => [`autoconfig.${domain}`, `autodiscover.${domain}`]
const dns = await startDnsStub({ hosts: [PEBBLE_HOST, ...domains.flatMap(namesOf)] })
t.teardown(dns.stop)
const pebble = await startPebble(file('pebble'))
t.teardown(pebble.stop)

const more = customersDirectory(file('customers.sqlite'), 'customer.test')
const settings = acmeSettings(pebble, { storage: file('certificates'), domains: listed, more, workers: 2, port: 8080 })
const listeners = [8080, 443].map(port => ({ host: WORLD_ADDRESS, port }))
const signpost = await startSignpostAlone(file('signpost'), settings, listeners)
t.teardown(signpost.stop)

/** What OpenSSL reports of a handshake with these application protocols. */
async function handshake(name: string, protocols: string): Promise<string> {
  const args = ['-connect', `${WORLD_ADDRESS}:443`, '-servername', name, '-alpn', protocols, '-CAfile', pebble.root]
  const { output } = await run('sh', ['-c', 'openssl s_client "$@" </dev/null 2>&1', 'sh', ...args])
  return output
}

for (const domain of domains) {
  t.test(`curl: gets autoconfig of ${domain} over valid https`, async t => {
    for (const name of namesOf(domain)) await waitFor(() => certificateAt(name, { ca: pebble.root }), log)
    const { status, body } = await askWhenIdle(`https://autoconfig.${domain}/mail/config-v1.1.xml`, pebble.root)
    t.equal(status, 200)
    t.match(body, `<hostname>imap.${domain}</hostname>`)
  })
}

t.test('pebble: had one order for each domain, and proved its names without port 80', async t => {
  t.equal(pebble.readLog().match(/Added order/g)?.length, domains.length)
  await t.rejects(once(connect(80, WORLD_ADDRESS), 'connect'), { code: 'ECONNREFUSED' })
  const left = (await filesIn(file('certificates'))).filter(path => path.includes('challenges'))
  t.same(left, [], 'no challenge is left')
  t.notMatch(await readFile(log, 'utf8'), /PRIVATE KEY/)
})

t.test('openssl: without a challenge, only the protocol of challenges is refused', async t => {
  const [name = ''] = namesOf('one.test')
  t.match(await handshake(name, 'acme-tls/1'), /alert handshake failure/)
  for (const protocols of ['http/1.1', 'h2,http/1.1', 'acme-tls/1,http/1.1']) {
    const output = await handshake(name, protocols)
    t.match(output, 'ALPN protocol: http/1.1', protocols)
    t.match(output, 'Verify return code: 0 (ok)', protocols)
  }
})
