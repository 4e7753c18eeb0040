// A real Evolution without its windows: a small C program with its libraries, which is compiled here and has a D-Bus session of its own.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { DavService } from '../../../../src/clients/dav/dav-client.ts'
import { withTimeout } from '../../../../src/timeout.ts'
import { run } from '../../program.ts'

export interface EvolutionServer {
  /** Name of the backend: imapx, pop or smtp. */
  readonly backend: string
  readonly host: string | null
  readonly port: number
  readonly user: string | null
  readonly security: 'tls' | 'starttls' | 'none'
}

/** Null: the assistant asks for the server. */
export interface EvolutionAccount {
  readonly incoming: EvolutionServer | null
  readonly outgoing: EvolutionServer | null
}

/** URLs of a collection account. Null: the assistant finds none. */
export type EvolutionUrls = Readonly<Record<DavService, string | null>>

export interface Login {
  readonly user: string
  readonly password: string
}

export interface Evolution {
  /** @returns what the account assistant proposes */
  readonly findAccount: (address: string) => Promise<EvolutionAccount>
  /** @returns what the assistant for accounts with calendars and address books proposes */
  readonly findUrls: (address: string, password: string) => Promise<EvolutionUrls>
  /** @returns the URLs of the calendars or address books that libedataserver finds from a URL on */
  readonly findCollections: (service: DavService, url: string, login: Login) => Promise<string[]>
  readonly stop: () => Promise<void>
}

const SYSTEM_ROOTS = '/etc/ssl/certs/ca-certificates.crt'
const ANSWER_LIMIT_MS = 60_000

/** @param trustedRoot path of a root certificate, PEM, that Evolution trusts besides those of the system */
export async function startEvolution(directory: string, trustedRoot: string): Promise<Evolution> {
  await mkdir(directory, { mode: 0o700 })
  const roots = join(directory, 'roots.pem')
  const certificates = await Promise.all([SYSTEM_ROOTS, trustedRoot].map(path => readFile(path, 'utf8')))
  await writeFile(roots, certificates.join('\n'))
  const modules = await mustRun('pkg-config', ['--variable=moduledir', 'evolution-shell-3.0'])
  const command = [await compile(directory), join(modules.trim(), 'module-config-lookup.so')]

  // Why a mount: GnuTLS reads the roots of the system from one file. Only this program sees the other one.
  const script = `mount --bind "$1" ${SYSTEM_ROOTS} && shift && exec dbus-run-session -- "$@"`
  const child = spawn('unshare', ['--mount', 'sh', '-c', script, 'sh', roots, ...command], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...environmentOf(directory) }
  })
  let messages = ''
  child.stderr.setEncoding('utf8').on('data', text => {
    messages += text
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()

  async function ask<Answer>(...words: string[]): Promise<Answer> {
    child.stdin.write(`${words.join(' ')}\n`)
    const { value: line } = await withTimeout(lines.next(), ANSWER_LIMIT_MS)
    if (line === undefined) throw new Error(`Evolution has ended at “${words.join(' ')}”:\n${messages}`)
    return JSON.parse(line) as Answer
  }

  return {
    findAccount: address => ask('account', address),
    findUrls: (address, password) => ask('urls', address, password),
    findCollections: (service, url, { user, password }) => ask(service, url, user, password),
    async stop() {
      if (child.exitCode !== null) return
      const closed = once(child, 'close')
      child.stdin.end()
      await withTimeout(closed, ANSWER_LIMIT_MS)
    }
  }
}

function environmentOf(directory: string): NodeJS.ProcessEnv {
  return {
    HOME: directory,
    XDG_RUNTIME_DIR: directory,
    XDG_CONFIG_HOME: join(directory, 'config'),
    XDG_CACHE_HOME: join(directory, 'cache'),
    XDG_DATA_HOME: join(directory, 'data'),
    LC_ALL: 'C.UTF-8',
    GIO_USE_VFS: 'local',
    GIO_USE_PROXY_RESOLVER: 'dummy',
    GSETTINGS_BACKEND: 'memory'
  }
}

async function compile(directory: string): Promise<string> {
  const program = join(directory, 'evolution')
  const libraries = ['evolution-shell-3.0', 'libedataserver-1.2', 'camel-1.2']
  const flags = await mustRun('pkg-config', ['--cflags', '--libs', ...libraries])
  const source = new URL('evolution.c', import.meta.url).pathname
  await mustRun('gcc', ['-o', program, source, ...flags.trim().split(/\s+/)])
  return program
}

async function mustRun(command: string, args: string[]): Promise<string> {
  const { exitCode, output } = await run(command, args)
  if (exitCode !== 0) throw new Error(`${command} ${args.join(' ')}: ${exitCode}\n${output}`)
  return output
}
