/**
 * The pages of the console of a running `signpost serve`, except for the overview.
 */
import { readDomainProblem } from '../../certificates/domain-problem.ts'
import { clients } from '../../clients/index.ts'
import type { Forms } from '../../console/access/form.ts'
import { createRunner } from '../../console/check/runner.ts'
import { createDomainPages } from '../../console/domains/domain-pages.ts'
import { createPages } from '../../console/pages.ts'
import type { Pages } from '../../console/routes.ts'
import type { History } from '../../console/traffic/history.ts'
import { examineDomain } from '../../doctor/examine-domain.ts'
import type { NetworkOptions } from '../../network/network-access.ts'
import { createResolver } from '../../network/resolver.ts'
import type { Settings } from '../../settings/schema.ts'
import type { Observed } from './administered.ts'

export interface ConsolePagesOptions extends Observed {
  readonly history: History
  readonly forms: Forms
}

/** The time limit of a single answer in milliseconds: the default of `signpost doctor`. */
const timeoutMs = 5000

/** The time limit of a lookup in milliseconds, for a page that waits for all of them. */
const lookupMs = 2000

export function openPages(options: ConsolePagesOptions): Pages {
  const { file, source, certificates, domains, history, forms } = options
  const network = networkOf(source.table.settings)
  const servers = network.resolver === undefined ? {} : { servers: [network.resolver] }
  return createPages({
    ...{ forms, history },
    domains: createDomainPages({
      ...{ finder: domains, certificates, createResolver: () => createResolver({ timeoutMs: lookupMs, ...servers }) }
    }),
    runner: createRunner((subject, progress) =>
      examineDomain(subject, {
        ...{ network, clients, progress },
        // Why read there and not asked for here: another process or node may order the certificates.
        orderProblemOf: domain => readDomainProblem(domain, source.table, { file, now: Date.now() })
      })
    )
  })
}

function networkOf({ admin }: Settings): NetworkOptions {
  const { resolver, allowPrivate = false } = admin?.doctor ?? {}
  return { resolver, allowPrivate, timeoutMs, overrides: new Map(), ca: undefined }
}
