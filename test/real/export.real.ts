// The files of `signpost export`, served by a real nginx and a real Caddy without Signpost, to the real Thunderbird and
// the models of all mail programs.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { conformanceMatrix } from '../../src/conformance/matrix.ts'
import { toAddress } from '../../src/settings/question/address.ts'
import { resolve } from '../../src/settings/question/resolution-order.ts'
import { openFile } from '../../src/sources/file.ts'
import { startCaddy } from './caddy.ts'
import { createAuthority } from './certificate-authority.ts'
import { askWeb } from './curl.ts'
import { startDnsStub } from './dns-stub.ts'
import { createNetworkWorld } from './network-world.ts'
import { run } from './program.ts'
import { startWorld } from './world.ts'

const settings = 'test/real/settings/export.yaml'
const directory = await mkdtemp(join(tmpdir(), 'signpost-export-'))
t.teardown(() => rm(directory, { recursive: true }))
const tree = join(directory, 'tree')

const webHosts = [
  'static.test',
  'www.static.test',
  ...['autoconfig', 'autodiscover', 'ua-auto-config'].flatMap(label => [
    `${label}.static.test`,
    `${label}.static-exchange.test`
  ]),
  'autoconfig.static-hoster.test'
]
const mx = { 'customer.test': 'mx1.static-hoster.test' }

t.test('export: writes all files', async t => {
  const exported = await run(process.execPath, ['src/main.ts', 'export', tree, '--config', settings])
  t.equal(exported.exitCode, 0, exported.output)
})

/** Why these: Outlook sends POST requests or uses Microsoft's cloud, and a profile belongs to one person. */
const cannot = ['outlook-classic', 'outlook-cloud', 'apple']

async function expectModels(t: Test, trustedRoot: string): Promise<void> {
  const { table } = openFile(settings)
  const world = await createNetworkWorld(trustedRoot)
  const address = toAddress('jane.doe@static.test')
  const served = resolve(table, { domain: 'static.test', host: undefined })
  if (address === undefined || served === undefined) throw new Error('not served')
  for (const { client, verdict, detail } of await conformanceMatrix({ ...served, address }, world)) {
    t.equal(verdict, cannot.includes(client.name) ? 'nothing' : 'same', `${client.name} ${detail}`)
  }
}

async function expectAnswers(t: Test, trustedRoot: string): Promise<void> {
  const ask = (url: string) => askWeb(url, trustedRoot)
  for (const scheme of ['http', 'https']) {
    t.match(await ask(`${scheme}://autoconfig.static.test/mail/config-v1.1.xml?emailaddress=a%40b`), { status: 200 })
    t.match(await ask(`${scheme}://static.test/.well-known/caldav`), {
      status: 307,
      location: 'https://dav.static.test/calendars/'
    })
    t.match(await ask(`${scheme}://www.static.test/.well-known/caldav/`), {
      status: 307,
      location: 'https://dav.static.test/calendars/'
    })
    t.match(await ask(`${scheme}://www.static.test/.well-known/autoconfig/mail/config-v1.1.xml`), {
      status: 200,
      body: 'imap.static.test'
    })
    t.match(await ask(`${scheme}://autodiscover.static-exchange.test/Autodiscover/Autodiscover.xml`), {
      status: 302,
      location: 'https://exchange.static.test/autodiscover/autodiscover.xml'
    })
    t.match(await ask(`${scheme}://autoconfig.static.test/other`), {
      status: 404,
      body: 'Nothing is served here. [AC_NOT_FOUND]'
    })
    t.match(await ask(`${scheme}://static.test/.well-known/carddav`), { status: 404 })
  }
  t.match(await ask('https://autodiscover.static.test/Autodiscover/Autodiscover.xml'), {
    status: 200,
    body: 'imap.static.test'
  })
  t.match(await ask('http://autodiscover.static.test/Autodiscover/Autodiscover.xml'), {
    status: 302,
    location: 'https://autodiscover.static.test/autodiscover/autodiscover.xml'
  })
  t.match(await ask('https://ua-auto-config.static.test/.well-known/user-agent-configuration.json'), { status: 200 })
}

t.test('export: nginx serves it to the real Thunderbird and to all programs except those that POST', async t => {
  const site = `
  include ${tree}/nginx.conf;
  server {
    listen 80;
    listen 443 ssl;
    server_name static.test www.static.test;
    include ${tree}/nginx-website.conf;
  }`
  const world = await startWorld({ settings: { site }, webHosts, mx })
  t.teardown(world.stop)
  const account = await world.thunderbird.discover('jane.doe@static.test', '')
  t.match(account, {
    source: 'xml-from-isp-https',
    incoming: { type: 'imap', hostname: 'imap.static.test', port: 993, security: 'SSL' },
    outgoing: { hostname: 'smtp.static.test', port: 465, security: 'SSL' }
  })
  const customer = await world.thunderbird.discover('jane@customer.test', '')
  t.match(customer, { incoming: { hostname: 'imap.static.test', username: 'jane@customer.test' } })
  await expectModels(t, world.trustedRoot)
  await expectAnswers(t, world.trustedRoot)
})

t.test('export: Caddy serves it to the same programs', async t => {
  const dns = await startDnsStub({ hosts: webHosts, mx })
  t.teardown(dns.stop)
  const authority = await createAuthority(join(directory, 'authority'))
  const certificate = await authority.issue(webHosts)
  const sites = `import ${tree}/Caddyfile
http://static.test, https://static.test, http://www.static.test, https://www.static.test {
	import signpost_static.test
	respond 404
}
https://static.test:8443 {
	CERTIFICATE
}
`
  const caddy = await startCaddy(join(directory, 'caddy'), { certificate, sites })
  t.teardown(caddy.stop)
  await expectModels(t, authority.root)
  await expectAnswers(t, authority.root)
})
