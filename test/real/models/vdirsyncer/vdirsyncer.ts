// The real vdirsyncer: its discovery, and itself.

import { spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { DavService } from '../../../../src/clients/dav/dav-client.ts'
import { run } from '../../program.ts'

/** What a person enters. */
export interface DavLogin {
  readonly url: string
  readonly username: string
  readonly password: string
}

export interface Vdirsyncer {
  /** @returns the URLs of the calendars or address books */
  readonly discover: (service: DavService, login: DavLogin) => Promise<string[]>
  readonly stop: () => void
}

/** @param root path of the certificate of the only authority that it trusts, PEM */
export async function openVdirsyncer(root: string): Promise<Vdirsyncer> {
  // Why the path: another Python may come first, which does not know Debian's packages.
  const python = spawn('/usr/bin/python3', ['test/real/models/vdirsyncer/discover.py'], {
    stdio: ['pipe', 'pipe', 'ignore']
  })
  const lines = createInterface(python.stdout)[Symbol.asyncIterator]()
  return {
    async discover(service, login) {
      python.stdin.write(`${JSON.stringify({ service, verify: root, ...login })}\n`)
      const { value, done } = await lines.next()
      if (done === true) throw new Error('Python has ended')
      return JSON.parse(value)
    },
    stop: () => python.stdin.end()
  }
}

export interface Places {
  /** Has the folders `calendar` and `contacts`. */
  readonly folder: string
  /** An empty folder for the state of vdirsyncer. */
  readonly state: string
  /** Path of the certificate of the only authority that it trusts, PEM. */
  readonly root: string
}

/**
 * Discovers the calendar and the address book named as the folders, and synchronises them.
 * @throws what vdirsyncer printed if it failed
 */
export async function synchronise({ folder, state, root }: Places, login: DavLogin): Promise<void> {
  const configuration = join(state, 'config')
  await writeFile(configuration, configure({ folder, state, root }, login))
  for (const command of ['discover', 'sync']) {
    const { exitCode, output } = await run('vdirsyncer', ['--config', configuration, command])
    if (exitCode !== 0) throw new Error(`vdirsyncer ${command}: ${output}`)
  }
}

function configure({ folder, state, root }: Places, { url, username, password }: DavLogin): string {
  const pairs = [
    { service: 'caldav', collection: 'calendar', extension: '.ics' },
    { service: 'carddav', collection: 'contacts', extension: '.vcf' }
  ].map(
    ({ service, collection, extension }) => `
[pair ${collection}]
a = "${collection}_files"
b = "${collection}_server"
collections = ["${collection}"]

[storage ${collection}_files]
type = "filesystem"
path = "${folder}"
fileext = "${extension}"

[storage ${collection}_server]
type = "${service}"
url = "${url}"
username = "${username}"
password = "${password}"
verify = "${root}"
`
  )
  return `[general]\nstatus_path = "${state}/status"\n${pairs.join('')}`
}
