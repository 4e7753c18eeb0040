// A real PostgreSQL with a private data directory, on one port of this machine.

import { chmod, chown, copyFile, mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import type { Certificate } from './certificate-authority.ts'
import { asUser, type Database, signalFamily } from './database.ts'
import { type RunningProgram, run, start } from './program.ts'
import { systemUser } from './system-user.ts'

const HOST = '127.0.0.1'
const PORT = 5432
const USER = 'postgres'

export interface PostgresOptions {
  /** Certificate for `localhost`. */
  certificate: Certificate
  /** Password of the user `signpost`. */
  password: string
}

export async function startPostgres(directory: string, options: PostgresOptions): Promise<Database> {
  const { certificate, password } = options
  const programs = await newestPrograms()
  const owner = await systemUser(USER)
  const data = join(directory, 'data')
  await mkdir(directory)
  await chown(directory, owner.uid, owner.gid)
  const initdb = [
    join(programs, 'initdb'),
    '-D',
    data,
    '-U',
    USER,
    '--auth-local=trust',
    '--auth-host=scram-sha-256',
    '--no-sync',
    '-E',
    'UTF8',
    '--locale=C'
  ]
  const { exitCode, output } = await run(...asUser(USER, initdb))
  if (exitCode !== 0) throw new Error(`initdb: ${output}`)
  for (const [from, name] of [
    [certificate.chain, 'server.pem'],
    [certificate.key, 'server.key']
  ] as const) {
    await copyFile(from, join(data, name))
    await chown(join(data, name), owner.uid, owner.gid)
    await chmod(join(data, name), 0o600)
  }

  const settings = {
    listen_addresses: HOST,
    port: PORT,
    unix_socket_directories: directory,
    fsync: 'off',
    ssl: 'on',
    ssl_cert_file: 'server.pem',
    ssl_key_file: 'server.key'
  }
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  async function launch(): Promise<RunningProgram> {
    const launched = await start(...asUser(USER, [join(programs, 'postgres'), '-D', data, ...flags]), {
      log: join(directory, 'postgres.log'),
      ready: [{ host: HOST, port: PORT }]
    })
    // Why: it accepts connections before it can respond.
    while ((await run(join(programs, 'pg_isready'), ['-h', directory, '-p', String(PORT)])).exitCode !== 0)
      await sleep(50)
    return launched
  }
  let program = await launch()

  async function execute(statements: readonly string[], database = 'postgres'): Promise<void> {
    const client = new Client({ host: directory, port: PORT, user: USER, database })
    await client.connect()
    try {
      for (const statement of statements) await client.query(statement)
    } finally {
      await client.end()
    }
  }
  await execute([`CREATE ROLE signpost LOGIN PASSWORD '${password}'`])

  return {
    host: HOST,
    port: PORT,
    socket: directory,
    execute,
    async create(database, statements) {
      await execute([`CREATE DATABASE ${database}`])
      await execute([...statements, 'GRANT SELECT ON ALL TABLES IN SCHEMA public TO signpost'], database)
    },
    // Why not with a signal: it would wait until all clients disconnect.
    async stop() {
      await run(...asUser(USER, [join(programs, 'pg_ctl'), '-D', data, '-m', 'fast', 'stop']))
      await program.stop()
    },
    async restart() {
      program = await launch()
    },
    pause: () => signalFamily(program, 'SIGSTOP'),
    resume: () => signalFamily(program, 'SIGCONT')
  }
}

/** Debian installs the programs of each version in a separate folder. */
async function newestPrograms(): Promise<string> {
  const root = '/usr/lib/postgresql'
  const versions = (await readdir(root)).sort((a, b) => Number(a) - Number(b))
  return join(root, versions.at(-1) ?? '', 'bin')
}
