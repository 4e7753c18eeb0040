/**
 * The console of a running `signpost serve`: its settings, its password, and what its pages show.
 */
import { dirname, resolve } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { clients } from '../clients/index.ts'
import { createForms } from '../console/access/form.ts'
import { createGuard } from '../console/access/guard.ts'
import { createPasswordCheck } from '../console/access/password.ts'
import { createRunner } from '../console/check/runner.ts'
import { serveConsole } from '../console/console.ts'
import { createDomainPages } from '../console/domains/domain-pages.ts'
import { createOverview } from '../console/overview/overview.ts'
import { countersOfTally, countersOfWorkers } from '../console/traffic/counters.ts'
import { type Counters, createHistory } from '../console/traffic/history.ts'
import { examineDomain } from '../doctor/examine-domain.ts'
import { errors } from '../errors.ts'
import { createProxyTrust } from '../http/proxy.ts'
import type { NetworkOptions } from '../network/network-access.ts'
import { createResolver } from '../network/resolver.ts'
import { toDomain } from '../settings/question/domain.ts'
import type { Settings } from '../settings/schema.ts'
import { perTable } from '../sources/per-table.ts'
import { readText } from '../sources/read-file.ts'
import type { Readiness } from '../sources/readiness.ts'
import type { Administered } from './admin-listener.ts'

export interface Observed extends Administered {
  readonly readiness: readonly Readiness[]
}

const sampleMs = 60_000

/** Of a single answer, in milliseconds: the default of `signpost doctor`. */
const timeoutMs = 5000

/** @returns a function that adds the console to the admin service. @throws AC_SETTINGS_INVALID */
export function openConsole(observed: Observed): (admin: FastifyInstance) => void {
  const { file, source, reloader, certificates, signing, domains, crew, readiness } = observed
  const { settings } = source.table
  const guard = createGuard({
    password: passwordOf(observed),
    hosts: (settings.admin?.hosts ?? []).flatMap(host => toDomain(host) ?? []),
    proxy: createProxyTrust(settings.http?.trustProxy ?? [])
  })
  const history = createHistory({ read: () => countersOf(observed) })
  const network = networkOf(settings)
  const overviewAt = createOverview({
    ...{ file, source, reloader, certificates, signing, readiness, lookups: domains, workers: crew },
    startedAt: Date.now()
  })
  const resolverOptions = { timeoutMs: 2000, ...(network.resolver && { servers: [network.resolver] }) }
  return admin => {
    const timer = setInterval(history.sample, sampleMs).unref()
    admin.addHook('onClose', () => clearInterval(timer))
    serveConsole(admin, {
      ...{ guard, forms: createForms(), history, overviewAt, reload: () => reloader.reload() },
      domains: createDomainPages({
        finder: domains,
        certificates,
        createResolver: () => createResolver(resolverOptions)
      }),
      runner: createRunner((subject, progress) => examineDomain(subject, { network, clients, progress }))
    })
  }
}

async function countersOf({ tally, crew }: Pick<Observed, 'tally' | 'crew'>): Promise<Counters> {
  if (tally !== undefined) return countersOfTally(tally)
  return countersOfWorkers((await crew?.measure()) ?? [])
}

/** @returns undefined if there is no password. @throws AC_SETTINGS_INVALID */
function passwordOf({ file, source }: Pick<Observed, 'file' | 'source'>) {
  const { passwordFile } = source.table.settings.admin ?? {}
  if (passwordFile === undefined) return undefined
  const read = () => readText(resolve(dirname(file), passwordFile))
  const first = read()
  // Why without the file name: people put the password itself there.
  if ('reason' in first) {
    throw errors.settingsInvalid({ findings: `admin.passwordFile: cannot read the file: ${first.reason}` })
  }
  const current = perTable(source, () => {
    const now = read()
    return 'text' in now ? now.text.replace(/\r?\n$/, '') : undefined
  })
  return createPasswordCheck(current)
}

function networkOf({ admin }: Settings): NetworkOptions {
  const { resolver, allowPrivate = false } = admin?.doctor ?? {}
  return { resolver, allowPrivate, timeoutMs, overrides: new Map(), ca: undefined }
}
