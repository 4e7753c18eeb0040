// Domains whose calendars and address books programs could find differently from their models.

import type { ZoneRecord } from '../../support/doctor/name-server.ts'

export interface DavTable {
  readonly title: string
  readonly address: string
  /** SRV and TXT records of the domain. */
  readonly records?: readonly ZoneRecord[]
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

export const davTables: readonly DavTable[] = [
  { title: 'a redirect to another host', address: 'jane@cross.test' },
  { title: 'a redirect to the same host', address: 'jane@same.test' },
  { title: 'capital letters', address: 'Jane@Upper-Case.TEST' },
  { title: 'a URL with the address in it', address: 'jane@person.test' },
  { title: 'calendars alone', address: 'jane@calendars-only.test' },
  { title: 'address books alone', address: 'jane@contacts-only.test' },
  { title: 'neither', address: 'jane@mail-only.test' },
  { title: 'a domain without a host', address: 'jane@no-host.test' },
  { title: 'a server at the root of the domain', address: 'jane@root.test' },
  { title: 'a website that answers everything', address: 'jane@website.test' },
  { title: 'a well-known URL that is forbidden', address: 'jane@forbidden.test' },
  {
    title: 'a redirect to another host that has no server',
    address: 'jane@cross-gone.test'
  },
  {
    title: 'SRV and TXT records',
    address: 'jane@srv.test',
    records: [...srv('srv.test', 'dav.srv.test'), ...txt('srv.test', 'path=/')]
  },
  {
    title: 'SRV records of a domain with A-labels',
    address: 'jane@xn--bcher-kva.test',
    records: [...srv('xn--bcher-kva.test', 'dav.xn--bcher-kva.test'), ...txt('xn--bcher-kva.test', 'path=/')]
  },
  {
    title: 'SRV records of a domain with U-labels',
    address: 'jane@grün.test',
    records: [...srv('xn--grn-ioa.test', 'dav.xn--grn-ioa.test'), ...txt('xn--grn-ioa.test', 'path=/')]
  },
  {
    title: 'SRV records below a wildcard',
    address: 'jane@branch.wildcard.test',
    records: srv('branch.wildcard.test', 'dav.branch.wildcard.test')
  },
  {
    title: 'an SRV record with another port',
    address: 'jane@srv-port.test',
    records: [...srv('srv-port.test', 'dav.srv-port.test', { port: 8443 }), ...txt('srv-port.test', 'path=/')]
  },
  {
    title: 'an SRV record without a path',
    address: 'jane@srv-no-path.test',
    records: srv('srv-no-path.test', 'dav.srv-no-path.test')
  },
  {
    title: 'a TXT record with a path that does not exist',
    address: 'jane@srv-wrong-path.test',
    records: [...srv('srv-wrong-path.test', 'dav.srv-wrong-path.test'), ...txt('srv-wrong-path.test', 'path=/gone/')]
  },
  {
    title: 'a TXT record with a path that leads to another host',
    address: 'jane@srv-moved-path.test',
    records: [...srv('srv-moved-path.test', 'dav.srv-moved-path.test'), ...txt('srv-moved-path.test', 'path=/moved/')]
  },
  {
    title: 'the lowest priority',
    address: 'jane@srv-priorities.test',
    records: [
      ...srv('srv-priorities.test', 'nowhere.test', { priority: 20, weight: 9 }),
      ...srv('srv-priorities.test', 'dav.srv-priorities.test', { priority: 10 })
    ]
  },
  {
    title: 'the highest weight',
    address: 'jane@srv-weights.test',
    records: [
      ...srv('srv-weights.test', 'nowhere.test', { weight: 10 }),
      ...srv('srv-weights.test', 'dav.srv-weights.test', { weight: 20 })
    ]
  },
  {
    title: 'an SRV record with a host that does not answer',
    address: 'jane@srv-dead.test',
    records: [
      ...srv('srv-dead.test', 'nowhere.test'),
      ...srv('srv-dead.test', 'dav.srv-dead.test', { priority: 10 }),
      ...txt('srv-dead.test', 'path=/')
    ]
  },
  {
    title: 'an SRV record that says that there is no service',
    address: 'jane@srv-none.test',
    records: srv('srv-none.test', '.', { port: 0, weight: 0 })
  }
]
