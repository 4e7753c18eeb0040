/**
 * The overview of the console of a running `signpost serve`, and the forms that all its pages share.
 */
import { createForms, type Forms } from '../../console/access/form.ts'
import { createOverview } from '../../console/overview/overview.ts'
import { createOverviewHandlers } from '../../console/overview/overview-handlers.ts'
import type { OverviewHandlers } from '../../console/routes.ts'
import type { History } from '../../console/traffic/history.ts'
import type { Observed } from './administered.ts'

export interface ConsoleOverviewOptions extends Observed {
  readonly history: History
  /** Milliseconds since 1970. */
  readonly startedAt: number
}

export interface OpenedOverview {
  readonly forms: Forms
  readonly handlers: OverviewHandlers
}

export function openOverview(options: ConsoleOverviewOptions): OpenedOverview {
  const { source, reloader, certificates, signing, domains, crew, readiness, history, startedAt } = options
  const forms = createForms()
  const handlers = createOverviewHandlers({
    ...{ forms, history, reload: () => reloader.reload() },
    overviewAt: createOverview({
      ...{ source, reloader, certificates, signing, readiness, startedAt, lookups: domains, workers: crew }
    })
  })
  return { forms, handlers }
}
