// With the output of `signpost dns`, loaded by BIND, Thunderbird finds mail, calendars and address books.

import t from 'tap'
import { dns } from '../../src/cli/commands/dns.ts'
import { runCommand } from '../support/cli/terminal.ts'
import { createAuthority } from './certificate-authority.ts'
import { davSite } from './dav-site.ts'
import { bothServices, compareDavDiscovery } from './models/dav-comparison.ts'
import { startNamed } from './named.ts'
import { WORLD_ADDRESS } from './namespace.ts'
import { createNetworkWorld } from './network-world.ts'
import { startNginx } from './nginx.ts'
import { startRadicale } from './radicale.ts'
import { SIGNPOST_ADDRESS, startSignpost } from './signpost.ts'
import { allStarted, createStage } from './stage.ts'
import { davOfThunderbird, startThunderbird } from './thunderbird.ts'
import { compareDiscovery } from './thunderbird-comparison.ts'

const settings = 'test/real/settings/thunderbird-zone.yaml'
const password = 'secret'

const cases = [
  { address: 'jane@plain.test', mail: 'imap.plain.test:993', dav: bothServices },
  { address: 'jane@xn--bcher-kva.test', mail: 'imap.xn--bcher-kva.test:993', dav: bothServices },
  { address: 'jane@bücher.test', mail: undefined, dav: bothServices },
  { address: 'jane@branch.customers.test', mail: 'imap.branch.customers.test:993', dav: bothServices },
  { address: 'jane@starttls.test', mail: 'imap.starttls.test:143', dav: [] },
  { address: 'jane@pop3.test', mail: 'pop3.pop3.test:995', dav: ['carddav' as const] },
  { address: 'Jane.Doe@person.test', mail: 'imap.person.test:993', dav: ['caldav' as const] },
  { address: 'jane@outlook.test', mail: 'imap.outlook.test:993', dav: [] },
  { address: 'jane@records.test', mail: undefined, dav: [] },
  { address: 'jane@unserved.test', mail: undefined, dav: [] }
]

const domains = [
  ...['plain.test', 'xn--bcher-kva.test', 'branch.customers.test', 'starttls.test', 'pop3.test', 'person.test'],
  ...['outlook.test', 'records.test']
]
const certified = [
  ...['signpost.test', 'dav.plain.test'],
  ...domains.flatMap(domain => [`autoconfig.${domain}`, `autodiscover.${domain}`])
]

const stage = await createStage('thunderbird-zone')
t.teardown(stage.stop)
const printed = await Promise.all(
  [['--all'], ['branch.customers.test']].map(argv => runCommand(dns, [...argv, '--config', settings]))
)
const addresses = ['signpost.test', 'dav.plain.test'].map(host => `${host}. IN A ${WORLD_ADDRESS}\n`)
await stage.keep(
  startNamed(stage.within('named'), 'test', `${printed.map(({ out }) => out).join('')}${addresses.join('')}`)
)
const authority = await createAuthority(stage.within('authority'))
const certificate = await authority.issue(certified)
const radicale = `${WORLD_ADDRESS}:5232`
const [thunderbird, nginx, network] = await allStarted([
  stage.keep(startThunderbird(stage.within('thunderbird'), authority.root, 'https://ispdb.invalid/')),
  stage.keep(
    startNginx(stage.within('nginx'), {
      certificate,
      upstream: { site: davSite({ signpost: SIGNPOST_ADDRESS, radicale }) }
    })
  ),
  createNetworkWorld(authority.root),
  stage.keep(startSignpost(stage.within('signpost'), settings)),
  stage.keep(
    startRadicale(stage.within('radicale'), {
      ...{ certificate, port: 5232, password },
      usernames: cases.map(({ address }) => address)
    })
  )
])

const program = davOfThunderbird(thunderbird)

for (const { address, mail, dav } of cases) {
  const domain = address.slice(address.indexOf('@') + 1)
  const from =
    domain === 'outlook.test'
      ? `https://autodiscover.${domain}/autodiscover/autodiscover.xml`
      : `https://autoconfig.${domain}/mail/config-v1.1.xml`
  t.test(`thunderbird: finds mail by the records of signpost dns, as the model does: ${address}`, t =>
    compareDiscovery(
      t,
      { thunderbird, network, requests: nginx.requests },
      { address, finds: mail, from: mail && from }
    )
  )
  t.test(`thunderbird: finds calendars and address books by the records of signpost dns: ${address}`, t =>
    compareDavDiscovery(t, { program, nginx, network, password }, { address, finds: dav })
  )
}
