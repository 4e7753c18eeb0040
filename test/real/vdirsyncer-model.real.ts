// Calendars and address books that a real vdirsyncer finds with a real Radicale behind Signpost, compared with its model. And
// a calendar and an address book that it synchronises.

import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { vdirsyncer as model, searchVdirsyncer } from '../../src/clients/dav/vdirsyncer.ts'
import { toMailbox } from '../../src/clients/model/client.ts'
import { createTracer } from '../../src/clients/model/tracer.ts'
import { matchLists } from '../support/match-lists.ts'
import { bothServices, compareDavDiscovery, type DavProgram } from './models/dav-comparison.ts'
import { davTables } from './models/dav-tables.ts'
import { startDavServers } from './models/dav-world.ts'
import { openVdirsyncer, synchronise } from './models/vdirsyncer/vdirsyncer.ts'
import { createStage } from './stage.ts'

/** Titles of the tables for which vdirsyncer finds anything. */
const finds = new Map([
  ['a redirect to the same host', bothServices],
  ['capital letters', bothServices],
  ['a URL with the address in it', bothServices],
  ['calendars alone', bothServices.slice(0, 1)],
  ['address books alone', bothServices.slice(1)],
  ['a server at the root of the domain', bothServices],
  ['a well-known URL that is forbidden', bothServices],
  ['a redirect to another host that has no server', bothServices]
])

const stage = await createStage('vdirsyncer')
t.teardown(stage.stop)
const servers = await startDavServers(stage, davTables)
const vdirsyncer = await stage.keep(openVdirsyncer(servers.trustedRoot))

const program: DavProgram = {
  ...{ model, agent: 'vdirsyncer/' },
  find: (service, username, password) =>
    vdirsyncer.discover(service, { url: `https://${username.slice(username.indexOf('@') + 1)}/`, username, password }),
  async search(service, address, network) {
    const mailbox = toMailbox(address)
    const tracer = createTracer(network)
    const found = mailbox && (await searchVdirsyncer(service, mailbox, tracer))
    return { found, trace: tracer.trace }
  }
}

for (const { title, address } of davTables) {
  t.test(`vdirsyncer: the real program and the model send the same requests and find the same settings: ${title}`, t =>
    compareDavDiscovery(t, { ...servers, program }, { address, finds: finds.get(title) ?? [] })
  )
}

const event = `BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Signpost//tests//EN
BEGIN:VEVENT
UID:lunch
DTSTAMP:20260101T000000Z
DTSTART:20260102T120000Z
SUMMARY:Lunch
END:VEVENT
END:VCALENDAR
`
const contact = `BEGIN:VCARD
VERSION:3.0
UID:john
FN:John Doe
N:Doe;John;;;
END:VCARD
`

t.test('vdirsyncer: an event and a contact reach the server, and from there another computer', async t => {
  const username = 'jane@same.test'
  const login = { url: 'https://same.test/', username, password: servers.password }
  const first = await createComputer('first')
  await writeFile(join(first.folder, 'calendar/lunch.ics'), event.replaceAll('\n', '\r\n'))
  await writeFile(join(first.folder, 'contacts/john.vcf'), contact.replaceAll('\n', '\r\n'))
  await synchronise(first, login)
  const second = await createComputer('second')
  await synchronise(second, login)

  const server = stage.within(`radicale/collections/collection-root/${username}`)
  for (const folder of [server, second.folder]) {
    matchLists(t, await readAll(join(folder, 'calendar'), '.ics'), [/SUMMARY:Lunch/])
    matchLists(t, await readAll(join(folder, 'contacts'), '.vcf'), [/FN:John Doe/])
  }
})

async function createComputer(name: string) {
  const folder = stage.within(`${name}/files`)
  const state = stage.within(`${name}/state`)
  for (const each of [join(folder, 'calendar'), join(folder, 'contacts'), state]) await mkdir(each, { recursive: true })
  return { folder, state, root: servers.trustedRoot }
}

async function readAll(folder: string, extension: string): Promise<string[]> {
  const names = (await readdir(folder)).filter(name => name.endsWith(extension))
  return await Promise.all(names.map(name => readFile(join(folder, name), 'utf8')))
}
