// A real certificate authority: Debian's pebble (RFC 8555), which refuses nonces by chance and takes its time.

import { readFileSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { Agent, get } from 'node:https'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { createAuthority } from './certificate-authority.ts'
import { DNS_ADDRESS, WORLD_ADDRESS } from './namespace.ts'
import { type RunningProgram, start } from './program.ts'

export interface Pebble extends RunningProgram {
  /** URL of its directory. */
  readonly directory: string
  /** Path of the root certificate for the https of pebble itself, PEM. */
  readonly ca: string
  /** @returns what it has logged */
  readLog(): string
  /** Path of the root of the certificates that it issues, PEM. It changes with each start. */
  readonly root: string
}

export interface PebbleOptions {
  /** Variables of pebble. */
  readonly env?: NodeJS.ProcessEnv
  /** Further fields of its settings file. */
  readonly settings?: object
}

/** The name in the certificate of pebble itself. */
export const PEBBLE_HOST = 'ca.test'
const PORT = 14_000
const MANAGEMENT_PORT = 15_000

/** @param directory is created if it is missing */
export async function startPebble(directory: string, { env, settings }: PebbleOptions = {}): Promise<Pebble> {
  const file = (name: string) => join(directory, name)
  const isNew = (await mkdir(directory, { recursive: true })) !== undefined
  const authority = isNew ? await createAuthority(file('authority')) : undefined
  await authority?.issue([PEBBLE_HOST])
  const ca = file('authority/root.pem')
  const pebble = {
    listenAddress: `${WORLD_ADDRESS}:${PORT}`,
    managementListenAddress: `${WORLD_ADDRESS}:${MANAGEMENT_PORT}`,
    certificate: file(`authority/${PEBBLE_HOST}.pem`),
    privateKey: file(`authority/${PEBBLE_HOST}.key`),
    httpPort: 80,
    tlsPort: 443,
    ocspResponderURL: '',
    externalAccountBindingRequired: false,
    ...settings
  }
  await writeFile(file('pebble.json'), JSON.stringify({ pebble }))
  const program = await start('pebble', ['-config', file('pebble.json'), '-dnsserver', `${DNS_ADDRESS}:53`], {
    log: file('pebble.log'),
    env: { PEBBLE_WFE_NONCEREJECT: '20', PEBBLE_VA_SLEEPTIME: '1', ...env },
    ready: [PORT, MANAGEMENT_PORT].map(port => ({ host: WORLD_ADDRESS, port }))
  })
  await writeFile(file('root.pem'), await download('/roots/0', await readFile(ca, 'utf8')))
  const readLog = () => readFileSync(file('pebble.log'), 'utf8')
  return { ...program, readLog, directory: `https://${PEBBLE_HOST}:${PORT}/dir`, ca, root: file('root.pem') }
}

async function download(path: string, ca: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const agent = new Agent({ ca })
  const options = { host: WORLD_ADDRESS, port: MANAGEMENT_PORT, path, agent, servername: PEBBLE_HOST }
  get(options, response => text(response).then(resolve, reject)).once('error', reject)
  return await promise.finally(() => agent.destroy())
}
