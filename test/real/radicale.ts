// A real Radicale, which serves calendars and contacts over TLS to those who log in.

import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Certificate } from './certificate-authority.ts'
import { WORLD_ADDRESS } from './namespace.ts'
import { type RunningProgram, start } from './program.ts'

export interface RadicaleOptions {
  certificate: Certificate
  port: number
  usernames: readonly string[]
  /** The password of all people. */
  password: string
}

export async function startRadicale(directory: string, options: RadicaleOptions): Promise<RunningProgram> {
  const { usernames, password, port } = options
  await mkdir(directory)
  const users = join(directory, 'users')
  const configuration = join(directory, 'radicale.conf')
  await writeFile(users, usernames.map(username => `${username}:${password}\n`).join(''))
  for (const username of usernames) await createCollections(join(directory, 'collections/collection-root', username))
  await writeFile(configuration, configure(directory, users, options))
  return start('radicale', ['--config', configuration], {
    log: join(directory, 'radicale.log'),
    ready: [{ host: WORLD_ADDRESS, port }]
  })
}

/** A calendar and an address book, as Radicale stores them. */
async function createCollections(home: string): Promise<void> {
  for (const [name, tag] of [
    ['calendar', 'VCALENDAR'],
    ['contacts', 'VADDRESSBOOK']
  ] as const) {
    await mkdir(join(home, name), { recursive: true })
    await writeFile(join(home, name, '.Radicale.props'), JSON.stringify({ tag }))
  }
}

function configure(directory: string, users: string, { certificate, port }: RadicaleOptions): string {
  return `
[server]
hosts = ${WORLD_ADDRESS}:${port}
ssl = True
certificate = ${certificate.chain}
key = ${certificate.key}

[auth]
type = htpasswd
htpasswd_filename = ${users}
htpasswd_encryption = plain

[storage]
filesystem_folder = ${directory}/collections
`
}
