// Thunderbird's calendars and address books, found from an address, with a real Radicale behind Signpost: the model and the real
// one compared.

import t from 'tap'
import { startNameServer, type ZoneRecord } from '../support/doctor/name-server.ts'
import { createAuthority } from './certificate-authority.ts'
import { davSite } from './dav-site.ts'
import { DNS_ADDRESS, WORLD_ADDRESS } from './namespace.ts'
import { createNetworkWorld } from './network-world.ts'
import { startNginx } from './nginx.ts'
import { startRadicale } from './radicale.ts'
import { SIGNPOST_ADDRESS, startSignpost } from './signpost.ts'
import { allStarted, createStage } from './stage.ts'
import { startThunderbird } from './thunderbird.ts'
import { bothServices, compareDavDiscovery, type DavCase } from './thunderbird-dav-comparison.ts'

const password = 'secret'

interface Case extends DavCase {
  title: string
  /** SRV and TXT records of the domain. */
  records?: ZoneRecord[]
}

/** A record of both services. */
function srv(domain: string, target: string, { port = 443, priority = 0, weight = 1 } = {}): ZoneRecord[] {
  return ['caldavs', 'carddavs'].map(service => ({
    ...{ name: `_${service}._tcp.${domain}`, type: 'SRV' as const },
    ...{ priority, weight, port, target }
  }))
}

function txt(domain: string, text: string): ZoneRecord[] {
  return ['caldavs', 'carddavs'].map(service => ({ name: `_${service}._tcp.${domain}`, type: 'TXT' as const, text }))
}

const cases: Case[] = [
  { title: 'a redirect to another host', address: 'jane@cross.test', finds: [] },
  { title: 'a redirect to the same host', address: 'jane@same.test', finds: bothServices },
  { title: 'capital letters', address: 'Jane@Upper-Case.TEST', finds: bothServices },
  { title: 'a URL with the address in it', address: 'jane@person.test', finds: bothServices },
  { title: 'calendars alone', address: 'jane@calendars-only.test', finds: ['caldav'] },
  { title: 'address books alone', address: 'jane@contacts-only.test', finds: ['carddav'] },
  { title: 'neither', address: 'jane@mail-only.test', finds: [] },
  { title: 'a domain without a host', address: 'jane@no-host.test', finds: [] },
  { title: 'a server at the root of the domain', address: 'jane@root.test', finds: bothServices },
  { title: 'a website that answers everything', address: 'jane@website.test', finds: [] },
  { title: 'a well-known URL that is forbidden', address: 'jane@forbidden.test', finds: ['carddav'] },
  {
    title: 'a redirect to another host that has no server',
    address: 'jane@cross-gone.test',
    finds: ['caldav']
  },
  {
    title: 'SRV and TXT records',
    address: 'jane@srv.test',
    finds: bothServices,
    records: [...srv('srv.test', 'dav.srv.test'), ...txt('srv.test', 'path=/')]
  },
  {
    title: 'SRV records of a domain with A-labels',
    address: 'jane@xn--bcher-kva.test',
    finds: bothServices,
    records: [...srv('xn--bcher-kva.test', 'dav.xn--bcher-kva.test'), ...txt('xn--bcher-kva.test', 'path=/')]
  },
  {
    title: 'SRV records of a domain with U-labels',
    address: 'jane@grün.test',
    finds: bothServices,
    records: [...srv('xn--grn-ioa.test', 'dav.xn--grn-ioa.test'), ...txt('xn--grn-ioa.test', 'path=/')]
  },
  {
    title: 'SRV records below a wildcard',
    address: 'jane@branch.wildcard.test',
    finds: bothServices,
    records: srv('branch.wildcard.test', 'dav.branch.wildcard.test')
  },
  {
    title: 'an SRV record with another port',
    address: 'jane@srv-port.test',
    finds: bothServices,
    records: [...srv('srv-port.test', 'dav.srv-port.test', { port: 8443 }), ...txt('srv-port.test', 'path=/')]
  },
  {
    title: 'an SRV record without a path',
    address: 'jane@srv-no-path.test',
    finds: bothServices,
    records: srv('srv-no-path.test', 'dav.srv-no-path.test')
  },
  {
    title: 'a TXT record with a path that does not exist',
    address: 'jane@srv-wrong-path.test',
    finds: bothServices,
    records: [...srv('srv-wrong-path.test', 'dav.srv-wrong-path.test'), ...txt('srv-wrong-path.test', 'path=/gone/')]
  },
  {
    title: 'a TXT record with a path that leads to another host',
    address: 'jane@srv-moved-path.test',
    finds: [],
    records: [...srv('srv-moved-path.test', 'dav.srv-moved-path.test'), ...txt('srv-moved-path.test', 'path=/moved/')]
  },
  {
    title: 'the lowest priority',
    address: 'jane@srv-priorities.test',
    finds: bothServices,
    records: [
      ...srv('srv-priorities.test', 'nowhere.test', { priority: 20, weight: 9 }),
      ...srv('srv-priorities.test', 'dav.srv-priorities.test', { priority: 10 })
    ]
  },
  {
    title: 'the highest weight',
    address: 'jane@srv-weights.test',
    finds: bothServices,
    records: [
      ...srv('srv-weights.test', 'nowhere.test', { weight: 10 }),
      ...srv('srv-weights.test', 'dav.srv-weights.test', { weight: 20 })
    ]
  },
  {
    title: 'an SRV record with a host that does not answer',
    address: 'jane@srv-dead.test',
    finds: [],
    records: [
      ...srv('srv-dead.test', 'nowhere.test'),
      ...srv('srv-dead.test', 'dav.srv-dead.test', { priority: 10 }),
      ...txt('srv-dead.test', 'path=/')
    ]
  },
  {
    title: 'an SRV record that says that there is no service',
    address: 'jane@srv-none.test',
    finds: [],
    records: srv('srv-none.test', '.', { port: 0, weight: 0 })
  }
]

const hosts = cases
  .map(({ address }) => new URL(`https://${address.slice(address.indexOf('@') + 1)}`).hostname)
  .filter(domain => domain !== 'no-host.test')
  .flatMap(domain => [domain, `dav.${domain}`, `other.${domain}`])
const radicale = { host: WORLD_ADDRESS, port: 5232 }

const stage = await createStage('thunderbird-dav')
t.teardown(stage.stop)
const authority = await createAuthority(stage.within('authority'))
const records = [
  ...hosts.map(name => ({ name, type: 'A' as const, address: WORLD_ADDRESS })),
  ...cases.flatMap(each => each.records ?? [])
]
await stage.keep(startNameServer({ records, listen: { address: DNS_ADDRESS, port: 53 } }))
const certificate = await authority.issue(hosts)
const site = davSite({ signpost: SIGNPOST_ADDRESS, radicale: `${radicale.host}:${radicale.port}` })
const [thunderbird, nginx, network] = await allStarted([
  stage.keep(startThunderbird(stage.within('thunderbird'), authority.root, 'https://ispdb.invalid/')),
  stage.keep(startNginx(stage.within('nginx'), { certificate, upstream: { site } })),
  createNetworkWorld(authority.root),
  stage.keep(startSignpost(stage.within('signpost'), 'test/real/settings/thunderbird-dav.yaml')),
  stage.keep(
    startRadicale(stage.within('radicale'), {
      ...{ certificate, port: radicale.port, password },
      usernames: cases.map(({ address }) => address)
    })
  )
])

for (const { title, ...each } of cases) {
  t.test(`thunderbird: the real one and the model ask for and find the same: ${title}`, t =>
    compareDavDiscovery(t, { thunderbird, nginx, network, password }, each)
  )
}
