/**
 * The service with the settings of a test, and its log in memory.
 */
import type { FastifyInstance } from 'fastify'
import type { Test } from 'tap'
import { type AppOptions, createApp } from '../../src/app.ts'
import { createLogger } from '../../src/http/log/access-log.ts'
import { createSource, type Source } from '../../src/sources/source.ts'
import { tableOf } from './table-of.ts'

export interface ServedApp {
  readonly app: FastifyInstance
  /** The text logged since it was last read. */
  readLog(): string
}

/** Two providers, one of which has no Apple profile. A proxy on this machine is trusted. */
export const exampleSettings = `
http: { trustProxy: [127.0.0.1] }
providers:
  - id: example
    name: Example Mail
    domains: [example.com, bücher.example]
    mx: [mx1.hoster.example]
    servers:
      - { protocol: imap, host: imap.example.com }
      - { protocol: pop3, host: pop.example.com }
      - { protocol: smtp, host: smtp.example.com }
  - id: customers
    name: Customers
    domains: ["*.customers.example"]
    dialects: { apple: false }
    servers:
      - { protocol: imap, host: imap.%EMAILDOMAIN% }
      - { protocol: smtp, host: smtp.%EMAILDOMAIN% }
`

/**
 * @param settings YAML, or another origin of the table. Domains are only looked up if it is a source
 * @param signing the key for profiles, if the settings enable signing
 */
export function serveApp(
  t: Test,
  settings: string | Pick<Source, 'table'> = exampleSettings,
  signing: Pick<AppOptions, 'signing'> = {}
): ServedApp {
  const given = typeof settings === 'string' ? { table: tableOf(calm(settings)) } : settings
  const source: Source = isSource(given) ? given : createSource(given)
  const lines: string[] = []
  const logger = createLogger(source.table.settings.log, { write: line => lines.push(line) })
  const app = createApp({ source, logger, ...signing })
  t.teardown(() => app.close())
  return {
    app,
    readLog: () => lines.splice(0).join('')
  }
}

/** Why: a busy test machine would refuse requests. */
export function calm(settings: string): string {
  if (settings.includes('overload:')) return settings
  const overload = 'overload: { delayMilliseconds: 0 }'
  return settings.includes('limits: {')
    ? settings.replace('limits: {', `limits: { ${overload},`)
    : `limits: { ${overload} }\n${settings}`
}

function isSource(given: Pick<Source, 'table'>): given is Source {
  return 'find' in given
}
