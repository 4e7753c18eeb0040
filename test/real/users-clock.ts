// Login names in a real database, and an attacker with a clock who requests them.

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Test } from 'tap'
import { stringify } from 'yaml'
import type { UsersSettings } from '../../src/settings/check/users.ts'
import { personalRequests } from '../support/personal-requests.ts'
import { type AskTimed, askAt, durationSummary, guesses, isChance, shuffled } from './clock.ts'
import { start } from './program.ts'

const host = '127.0.0.1'

/** Requests for each of four classes, so each compared side has twice as many. */
const count = 300
export const kinds = ['JSON API', 'page', 'profile', 'POX', 'autoconfig'] as const
/** Servers that differ between people, requested through the JSON API. */
export const serverSeries = 'servers'
type Kind = (typeof kinds)[number] | typeof serverSeries

/** Every known mailbox has one of these hosts, and so has every unknown one. */
export const hosts = ['imap1.example.com', 'imap2.example.com'] as const
export const unknownServers = hosts.map(imap_host => ({ imap_host }))

const classes = [
  { letter: 'a', isKnown: true, isOld: false },
  { letter: 'b', isKnown: true, isOld: true },
  { letter: 'c', isKnown: false, isOld: false },
  { letter: 'd', isKnown: false, isOld: true }
] as const

interface Subject {
  readonly address: string
  readonly login: string
  readonly host: (typeof hosts)[number]
  readonly isKnown: boolean
  /** Another client requests it first. */
  readonly isOld: boolean
}

/** Chance fails one attempt in a thousand; a real difference fails all of them. */
const attempts = 3
const subjects = new Map<string, readonly Subject[]>(
  [...[...kinds, serverSeries].entries()].flatMap(([series, kind]) =>
    Array.from({ length: attempts }, (_, attempt) => {
      const all = classes.flatMap(({ letter, ...traits }, at) =>
        Array.from({ length: count }, (_, number): Subject => {
          const id = String(series * 100_000 + attempt * 10_000 + at * 1000 + number).padStart(6, '0')
          return {
            address: `k${letter}${id}@example.com`,
            login: `u9${id}`,
            host: hosts[number % 2 === 0 ? 0 : 1],
            ...traits
          }
        })
      )
      return [`${kind} ${attempt}`, all] as const
    })
  )
)
/** Every mailbox that must exist. */
export const known = [...subjects.values()].flat().filter(({ isKnown }) => isKnown)
type Users = Partial<UsersSettings> & Pick<UsersSettings, 'type'>

export interface Examined {
  /** Folder for temporary files. */
  readonly scratch: string
  readonly kinds: readonly Kind[]
}

/** Tests that guesses are no better than chance, for each kind of request. */
export async function examine(t: Test, users: Users, { scratch, kinds }: Examined): Promise<void> {
  const { type: name } = users
  const ask = askAt(t, await serve(t, users, scratch))
  const other = askAt(t, ports[users.type])
  for (const kind of kinds) {
    // Why: the first execution of code is slow.
    for (let turn = 0; turn < 300; turn++) await ask(requestOf(kind, `warm${turn}@example.com`))
    for (let attempt = 0; attempt < attempts; attempt++) {
      const outcomes = await compare(ask, { kind, other, all: subjects.get(`${kind} ${attempt}`) ?? [] })
      const isRight = outcomes.every(isChance)
      for (const { what, ...shares } of outcomes) t.comment(`${name}, ${kind}: ${what}: ${JSON.stringify(shares)}`)
      if (isRight || attempt === attempts - 1) t.ok(isRight, `${name}, ${kind}`)
      if (isRight) break
    }
  }
}

interface Series {
  readonly kind: Kind
  readonly other: AskTimed
  readonly all: readonly Subject[]
}

async function compare(ask: AskTimed, { kind, other, all }: Series) {
  const times = new Map(all.map(subject => [subject, 0]))
  const order = shuffled(all)
  for (let at = 0; at < order.length; at += 20) {
    const batch = order.slice(at, at + 20)
    const old = batch.filter(({ isOld }) => isOld)
    await Promise.all(old.map(({ address }) => other(requestOf(kind, address))))
    for (const subject of batch) {
      const { ms, body } = await ask(requestOf(kind, subject.address))
      const isRight = subject.isKnown === body.includes(subject.login)
      const hasHost = kind !== serverSeries || hosts.some(host => body.includes(host))
      if (!isRight || !hasHost) throw new Error(`${subject.address}: ${body.slice(0, 300)}`)
      times.set(subject, ms)
    }
  }
  const timesOf = (isWanted: (subject: Subject) => boolean) =>
    all.filter(isWanted).map(subject => times.get(subject) ?? 0)
  return [
    { what: 'known, unknown', wanted: [{ isKnown: true }, { isKnown: false }] },
    { what: 'requested before, not requested before', wanted: [{ isOld: true }, { isOld: false }] }
  ].map(({ what, wanted }) => {
    const [first = [], second = []] = wanted.map(traits =>
      timesOf(subject =>
        Object.entries(traits).every(([name, value]) => subject[name as 'isKnown' | 'isOld'] === value)
      )
    )
    return { what, ...guesses(first, second), first: durationSummary(first), second: durationSummary(second) }
  })
}

function requestOf(kind: Kind, address: string) {
  const request = personalRequests(address)[kind === serverSeries ? 'JSON API' : kind]
  if (request === undefined) throw new Error(`there is no ${kind}`)
  return request
}

const ports = { sqlite: 8080, postgres: 8081, mysql: 8082, ldap: 8083 }

async function serve(t: Test, users: Users, scratch: string): Promise<number> {
  const port = ports[users.type]
  const config = join(scratch, `${users.type}.yaml`)
  const server = users.type === 'sqlite' ? {} : { host, passwordFile: 'password' }
  const settings = {
    log: { requests: false },
    limits: { rate: { requests: 0 }, overload: { delayMilliseconds: 0 } },
    users: { ...users, ...server, timeoutMilliseconds: 20_000, unknown: 'u9######', secretFile: 'key' },
    providers: [
      {
        id: 'example',
        name: 'Example',
        domains: ['example.com'],
        servers: ['imap', 'smtp'].map(protocol => ({ protocol, host: `${protocol}.example.com` }))
      }
    ]
  }
  await writeFile(config, stringify(settings))
  const program = await start(
    process.execPath,
    ['src/main.ts', 'serve', '--config', config, '--listen', `${host}:${port}`],
    { log: join(scratch, `${users.type}.log`), ready: [{ host, port }] }
  )
  t.teardown(() => program.stop())
  return port
}
