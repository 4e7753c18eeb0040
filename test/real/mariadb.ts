// A real MariaDB with a private data directory, on one port of this machine.

import { chown, copyFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createConnection } from 'mysql2/promise'
import type { Certificate } from './certificate-authority.ts'
import { asUser, type Database, signalFamily } from './database.ts'
import { run, start } from './program.ts'
import { systemUser } from './system-user.ts'

const HOST = '127.0.0.1'
const PORT = 3306
const USER = 'mysql'

export interface MariadbOptions {
  /** Certificate for `localhost`. */
  certificate: Certificate
  /** Password of the user `signpost`. */
  password: string
}

export async function startMariadb(directory: string, { certificate, password }: MariadbOptions): Promise<Database> {
  const owner = await systemUser(USER)
  const data = join(directory, 'data')
  const socket = join(directory, 'mariadb.sock')
  await mkdir(directory)
  for (const [from, name] of [
    [certificate.chain, 'server.pem'],
    [certificate.key, 'server.key']
  ] as const) {
    await copyFile(from, join(directory, name))
    await chown(join(directory, name), owner.uid, owner.gid)
  }
  await chown(directory, owner.uid, owner.gid)
  const install = [
    'mariadb-install-db',
    '--no-defaults',
    `--datadir=${data}`,
    `--tmpdir=${directory}`,
    '--skip-test-db',
    '--auth-root-authentication-method=normal'
  ]
  const { exitCode, output } = await run(...asUser(USER, install))
  if (exitCode !== 0) throw new Error(`mariadb-install-db: ${output}`)

  const flags = {
    datadir: data,
    tmpdir: directory,
    socket,
    'pid-file': join(directory, 'mariadb.pid'),
    'bind-address': HOST,
    port: PORT,
    'ssl-cert': join(directory, 'server.pem'),
    'ssl-key': join(directory, 'server.key'),
    'innodb-flush-log-at-trx-commit': 0
  }
  const options = Object.entries(flags).map(([name, value]) => `--${name}=${value}`)
  const launch = () =>
    start(...asUser(USER, ['mariadbd', '--no-defaults', ...options]), {
      log: join(directory, 'mariadb.log'),
      ready: [{ host: HOST, port: PORT }]
    })
  let program = await launch()

  async function execute(statements: readonly string[], database?: string): Promise<void> {
    const connection = await createConnection({ socketPath: socket, user: 'root', ...(database && { database }) })
    try {
      for (const statement of statements) await connection.query(statement)
    } finally {
      await connection.end()
    }
  }
  await execute([`CREATE USER signpost@'%' IDENTIFIED BY '${password}'`])

  return {
    host: HOST,
    port: PORT,
    socket,
    execute,
    async create(database, statements) {
      await execute([`CREATE DATABASE ${database} CHARACTER SET utf8mb4`])
      await execute([...statements, `GRANT SELECT, EXECUTE ON ${database}.* TO signpost@'%'`], database)
    },
    stop: () => program.stop(),
    async restart() {
      program = await launch()
    },
    pause: () => signalFamily(program, 'SIGSTOP'),
    resume: () => signalFamily(program, 'SIGCONT')
  }
}
