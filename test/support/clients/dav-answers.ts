/**
 * Responses of a DAV server, and a discovery with its trace in two lists.
 */
import type { DavClient } from '../../../src/clients/dav/dav-client.ts'
import type { SrvRecord } from '../../../src/clients/model/world.ts'
import { type FakeAnswer, type FakeDns, fakeWorld } from './fake-world.ts'
import { address } from './plain-document.ts'

/** @param href of the principal */
export function multistatus(href = '/principals/jane/'): FakeAnswer {
  const principal = `<d:current-user-principal><d:href>${href}</d:href></d:current-user-principal>`
  return {
    status: 207,
    body: `<d:multistatus xmlns:d="DAV:"><d:response><d:propstat><d:prop>${principal}</d:prop></d:propstat></d:response></d:multistatus>`
  }
}

/** A server's response to OPTIONS for calendars and contacts. */
export const options: FakeAnswer = { headers: { dav: '1, 3, calendar-access,addressbook' } }

export function redirect(location: string): FakeAnswer {
  return { status: 307, headers: { location } }
}

/** @param service such as `caldavs` */
export function davRecords(service: string, record: Partial<SrvRecord>, txt: readonly string[] = []): FakeDns {
  const name = `_${service}._tcp.example.com`
  return {
    srv: { [name]: [{ priority: 0, weight: 1, port: 443, target: 'dav.example.net.', ...record }] },
    txt: { [name]: txt }
  }
}

export async function discoverDav(client: DavClient, answers: Readonly<Record<string, FakeAnswer>>, dns?: FakeDns) {
  const { trace, ...found } = await client.discover(address, fakeWorld(answers, dns))
  return { ...found, asked: trace.map(({ asked }) => asked), results: trace.map(({ result }) => result) }
}
