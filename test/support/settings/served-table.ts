/**
 * A settings table as an administrator wrote it: its errors, and the responses of a service with it.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Test } from 'tap'
import { openDomains } from '../../../src/lookups/domains.ts'
import { describe } from '../../../src/settings/load/finding.ts'
import { load } from '../../../src/settings/load/load.ts'
import { serveApp } from '../served-app.ts'
import { silentLogger } from '../silent-logger.ts'
import { tableOf } from '../table-of.ts'

export type Ask = (url: string, host?: string) => Promise<string>

/** @returns the errors of the table, without warnings and notes */
export function errorsOf(settings: string): string[] {
  return load(settings, 'a.yaml')
    .findings.filter(({ severity }) => severity === 'error')
    .map(describe)
}

/** @returns requests a path and returns the body of the response */
export function ask(t: Test, settings: Parameters<typeof serveApp>[1]): Ask {
  const { app } = serveApp(t, settings)
  return async (url, host = 'signpost.example.net') => (await app.inject({ url, headers: { host } })).body
}

/** @param rows SQL that fills the database `users.sqlite`. @returns the same with a database of users */
export async function serveUsers(t: Test, settings: string, rows = ''): Promise<Ask> {
  const folder = t.testdir({ key: 'V5D1Qg4bFqWpZNRwMIESUoHHyDV8GnvYnoj9AwzH80E=' })
  const database = new DatabaseSync(join(folder, 'users.sqlite'))
  database.exec(rows)
  database.close()
  const file = join(folder, 'a.yaml')
  writeFileSync(file, settings)
  const table = tableOf(settings)
  const domains = await openDomains({ table }, { file, logger: silentLogger })
  t.teardown(() => domains.close())
  return ask(t, domains.source)
}

export const autoconfig = (address: string) => `/mail/config-v1.1.xml?emailaddress=${address}`

/** @returns the login names in an autoconfig document */
export function namesIn(body: string): (string | undefined)[] {
  return Array.from(body.matchAll(/<username>(.*?)<\/username>/g), ([, name]) => name)
}
