// Certificates by ACME from a real authority (pebble), as an administrator gets them: a few lines of settings and an empty folder.

import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { Agent, get } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { TLSSocket } from 'node:tls'
import t from 'tap'
import { issue } from '../support/certificates.ts'
import { acmeSettings, certificateAt, customersDirectory, filesIn, listenersAt, waitFor } from './acme-site.ts'
import { startDnsStub } from './dns-stub.ts'
import { WORLD_ADDRESS } from './namespace.ts'
import { servesOverHttps } from './over-https.ts'
import { PEBBLE_HOST, startPebble } from './pebble.ts'
import { run } from './program.ts'
import { startSignpostAlone } from './signpost.ts'
import { startThunderbird } from './thunderbird.ts'

const directory = await mkdtemp(join(tmpdir(), 'acme-'))
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
const settings = acmeSettings(pebble, { storage: file('certificates'), domains: listed, more })
const signpost = await startSignpostAlone(file('signpost'), settings, listenersAt())
t.teardown(signpost.stop)

t.test('settings: ten lines are enough', async t => {
  t.ok(settings.trim().split('\n').length <= 10, settings)
})

const isValid = (name: string) => certificateAt(name, { ca: pebble.root })

for (const domain of domains) {
  t.test(`curl: gets autoconfig, autodiscover and the profile of ${domain} over valid https`, async t => {
    for (const name of namesOf(domain)) await waitFor(() => isValid(name), log)
    await servesOverHttps(t, domain, { root: pebble.root, imapHost: `imap.${domain}` })
  })
}

t.test('pebble: had one order for each domain, and refused nonces on the way', async t => {
  const said = pebble.readLog()
  t.equal(said.match(/Added order/g)?.length, domains.length)
})

t.test('certificates: are listed, and their files are for one user only', async t => {
  const { exitCode, output } = await run(process.execPath, [
    ...[process.env.SIGNPOST_MAIN ?? 'src/main.ts', 'certificates', '--json'],
    ...['--config', file('signpost/signpost.yaml')]
  ])
  t.equal(exitCode, 0)
  t.same(
    JSON.parse(output).map(({ group, names }: { group: string; names: string[] }) => [group, [...names].sort()]),
    ['one.test', 'two.test', 'customer.test'].map(domain => [domain, namesOf(domain)])
  )
  for (const path of await filesIn(file('certificates'))) t.equal((await stat(path)).mode & 0o777, 0o600, path)
  t.notMatch(await readFile(log, 'utf8'), /PRIVATE KEY/)
})

t.test('flood: made-up names get no certificate and cause no order', async t => {
  const before = (await filesIn(file('certificates'))).length
  const names = Array.from({ length: 1000 }, (_, at) => `autoconfig.made-up-${at}.test`)
  for (let at = 0; at < names.length; at += 20) {
    const answers = await Promise.all(names.slice(at, at + 20).map(isValid))
    t.ok(answers.every(answer => answer === undefined))
  }
  t.equal((await filesIn(file('certificates'))).length, before)
  t.equal(pebble.readLog().match(/Added order/g)?.length, domains.length)
  t.ok(await isValid('autoconfig.one.test'))
})

t.test('thunderbird: finds its account over a certificate that was obtained this way', async t => {
  const thunderbird = await startThunderbird(file('thunderbird'), pebble.root, 'https://ispdb.invalid/')
  t.teardown(thunderbird.stop)
  t.match(await thunderbird.discover('jane@one.test', 'secret'), {
    source: 'xml-from-isp-https',
    url: 'https://autoconfig.one.test/mail/config-v1.1.xml',
    incoming: { type: 'imap', hostname: 'imap.one.test' }
  })
})

t.test('renewal: two workers take the new certificate, and none of 10,000 requests fails', async t => {
  await signpost.stop()
  const name = 'autoconfig.one.test'
  const oldRoot = issue('Old Root', { ca: true, from: -100, until: 100 })
  const { pem, keyPem } = issue(name, { issuer: oldRoot, hosts: namesOf('one.test'), from: -70, until: 20 })
  const [group = ''] = (await filesIn(file('certificates'))).filter(path => path.endsWith('/one.test.pem'))
  await writeFile(group, `${keyPem}${pem}`)
  // Why later: requests must be under way before the renewal begins.
  await writeFile(group.replace('.pem', '.json'), JSON.stringify({ nextAt: Date.now() + 8000 }))
  await mkdir(file('again'))
  // Why: a busy machine must not fail requests for another reason.
  const unlimited = `${more}\nlimits: { overload: { delayMilliseconds: 0 } }`
  const renewing = acmeSettings(pebble, { storage: file('certificates'), domains: listed, more: unlimited, workers: 2 })
  const workers = await startSignpostAlone(file('again/signpost'), renewing, listenersAt())
  t.teardown(workers.stop)

  const ca = [oldRoot.pem, await readFile(pebble.root, 'utf8')]
  const agent = new Agent({ keepAlive: true, maxSockets: 8, ca })
  t.teardown(() => agent.destroy())
  const serials = new Set<string>()
  const failures: unknown[] = []
  let answered = 0
  let isRenewed = false

  async function ask(isNew: boolean): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const options = {
      host: WORLD_ADDRESS,
      path: '/mail/config-v1.1.xml',
      headers: { host: name },
      servername: name,
      ca
    }
    get({ ...options, agent: isNew ? false : agent }, async response => {
      if (isNew) serials.add((response.socket as TLSSocket).getPeerCertificate().serialNumber)
      const body = await text(response)
      if (response.statusCode === 200 && body.endsWith('</clientConfig>\n')) resolve()
      else reject(new Error(body))
    }).once('error', reject)
    await promise.catch(error => failures.push(error))
    answered += 1
  }

  async function askOnAndOn(): Promise<void> {
    for (let at = 0; !isRenewed || answered < 10_000; at++) await ask(at % 10 === 0)
  }

  const asking = Array.from({ length: 8 }, askOnAndOn)
  await waitFor(() => (serials.size > 1 ? true : undefined), file('again/signpost/signpost.log'))
  isRenewed = true
  await Promise.all(asking)
  t.comment(`${answered} requests`)
  t.same(failures, [])
  t.equal(serials.size, 2)
  const areAllNew = await waitFor(async () => {
    const seen = await Promise.all(Array.from({ length: 20 }, () => isValid(name)))
    return seen.every(each => each !== undefined && each === seen[0]) || undefined
  }, file('again/signpost/signpost.log'))
  t.ok(areAllNew, 'all workers have the new one')
})
