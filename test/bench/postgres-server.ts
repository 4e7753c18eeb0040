// A temporary PostgreSQL from Debian's packages: on the loopback, in a private folder that is removed after the run.
import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chownSync, existsSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { asUser } from '../real/database.ts'
import { systemUser } from '../real/system-user.ts'
import { startChild, stopChild } from './children.ts'
import { Failure } from './failure.ts'
import { freePort } from './free-port.ts'

export type PostgresServer = {
  port: number
  database: string
  passwordFile: string
  /** As `signpost`, who has all privileges here. */
  connect: () => Promise<Client>
  stop: () => Promise<void>
}

const ROOT = '/usr/lib/postgresql'
const OWNER = 'postgres'
const USER = 'signpost'
const GIVE_UP_MS = 30_000
const POLL_MS = 50

/** The folder of its programs; undefined if it is not installed. */
export const findPostgres = (): string | undefined => {
  const versions = existsSync(ROOT) ? readdirSync(ROOT) : []
  const [newest] = versions.sort((a, b) => Number(b) - Number(a))
  return newest && join(ROOT, newest, 'bin')
}

export const startPostgres = async (programs: string): Promise<PostgresServer> => {
  const dir = mkdtempSync(join(tmpdir(), 'signpost-bench-postgres-'))
  process.on('exit', () => rmSync(dir, { recursive: true, force: true, maxRetries: 5 }))
  const passwordFile = join(dir, 'password')
  const password = randomBytes(16).toString('hex')
  writeFileSync(passwordFile, password, { mode: 0o600 })
  await handOver([dir, passwordFile])
  const data = join(dir, 'data')
  initialize(programs, data, passwordFile)

  const port = await freePort()
  const settings = { listen_addresses: '127.0.0.1', port, unix_socket_directories: '', fsync: 'off' }
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const logFile = join(dir, 'postgres.log')
  const log = openSync(logFile, 'a')
  const child = startChild(...asOwner([join(programs, 'postgres'), '-D', data, ...flags]), {
    stdio: ['ignore', log, log],
    core: 1
  })
  // Why before other children are killed: a killed PostgreSQL leaves shared memory behind.
  const stopAtOnce = () => spawnSync(...asOwner([join(programs, 'pg_ctl'), '-D', data, '-m', 'immediate', 'stop']))
  process.prependListener('exit', stopAtOnce)

  const connect = async (): Promise<Client> => {
    const client = new Client({ host: '127.0.0.1', port, user: USER, database: OWNER, password })
    await client.connect()
    return client
  }
  await untilItAnswers(connect, logFile)
  return {
    port,
    database: OWNER,
    passwordFile,
    connect,
    stop: async () => {
      stopAtOnce()
      await stopChild(child)
      process.off('exit', stopAtOnce)
    }
  }
}

const isRoot = process.getuid?.() === 0

/** Why not root: PostgreSQL refuses to run as root. */
const asOwner = (command: readonly string[]): [string, string[]] => {
  const [program = '', ...args] = command
  return isRoot ? asUser(OWNER, command) : [program, args]
}

const handOver = async (paths: readonly string[]): Promise<void> => {
  if (!isRoot) return
  const { uid, gid } = await systemUser(OWNER)
  for (const path of paths) chownSync(path, uid, gid)
}

const initialize = (programs: string, data: string, passwordFile: string): void => {
  const flags = ['-U', USER, '-A', 'scram-sha-256', '--pwfile', passwordFile, '--no-sync', '-E', 'UTF8', '--locale=C']
  const { status, stderr } = spawnSync(...asOwner([join(programs, 'initdb'), '-D', data, ...flags]), {
    encoding: 'utf8'
  })
  if (status !== 0) throw new Failure(`initdb: ${stderr}`)
}

const untilItAnswers = async (connect: () => Promise<Client>, logFile: string): Promise<void> => {
  const giveUp = performance.now() + GIVE_UP_MS
  for (;;) {
    const client = await connect().catch(() => undefined)
    if (client) return await client.end()
    if (performance.now() > giveUp) throw new Failure(`PostgreSQL does not answer:\n${readFileSync(logFile, 'utf8')}`)
    await sleep(POLL_MS)
  }
}
