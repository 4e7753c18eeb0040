/**
 * The console of a running `signpost serve`: who may open it, and the history of requests that it shows.
 */
import { dirname, resolve } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { createGuard } from '../../console/access/guard.ts'
import { createPasswordCheck, type PasswordCheck } from '../../console/access/password.ts'
import { readConsolePassword } from '../../console/access/password-file.ts'
import { createLoader, loadOnce } from '../../console/loader.ts'
import { serveConsole } from '../../console/routes.ts'
import { countersOfTally, countersOfWorkers } from '../../console/traffic/counters.ts'
import { type Counters, createHistory } from '../../console/traffic/history.ts'
import { errors } from '../../errors.ts'
import { createProxyTrust } from '../../http/proxy.ts'
import { toDomain } from '../../settings/question/domain.ts'
import { perTable } from '../../sources/per-table.ts'
import type { Observed } from './administered.ts'

const sampleMs = 60_000

/** Adds the console to the admin service. @throws AC_SETTINGS_INVALID */
export function openConsole(admin: FastifyInstance, observed: Observed): void {
  const { http, admin: settings } = observed.source.table.settings
  const startedAt = Date.now()
  const history = createHistory({ read: () => countersOf(observed) })
  // Why settled: a sample that fails is no reason to end the service.
  const sample = () => Promise.allSettled([history.sample()])
  sample()
  const timer = setInterval(sample, sampleMs).unref()
  admin.addHook('onClose', () => clearInterval(timer))
  const loadOverview = loadOnce(async () => {
    const { openOverview } = await import('./console-overview.ts')
    return openOverview({ ...observed, history, startedAt })
  })
  const loadPages = loadOnce(async () => {
    const [{ openPages }, { forms }] = await Promise.all([import('./console-pages.ts'), loadOverview()])
    return openPages({ ...observed, history, forms })
  })
  serveConsole(admin, {
    guard: createGuard({
      password: passwordOf(observed),
      hosts: (settings?.hosts ?? []).map(host => String(toDomain(host))),
      proxy: createProxyTrust(http?.trustProxy ?? [])
    }),
    load: createLoader({ loadOverview: async () => (await loadOverview()).handlers, loadPages })
  })
}

async function countersOf({ tally, crew }: Pick<Observed, 'tally' | 'crew'>): Promise<Counters> {
  if (tally !== undefined) return countersOfTally(tally)
  return countersOfWorkers((await crew?.measure()) ?? [])
}

/** @returns undefined if there is no password. @throws AC_SETTINGS_INVALID */
function passwordOf({ file, source }: Pick<Observed, 'file' | 'source'>): PasswordCheck | undefined {
  const { passwordFile } = source.table.settings.admin ?? {}
  if (passwordFile === undefined) return undefined
  const read = () => readConsolePassword(resolve(dirname(file), passwordFile))
  const first = read()
  if ('problem' in first) throw errors.settingsInvalid({ findings: `admin.passwordFile: ${first.problem}` })
  // Why per table: a reload also reads a changed password.
  return createPasswordCheck(
    perTable(source, () => {
      const current = read()
      return 'password' in current ? current.password : undefined
    })
  )
}
