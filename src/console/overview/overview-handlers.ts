/**
 * The overview, which is the first page that an administrator opens, and its form to reload the settings.
 *
 * Why apart from the other pages: without the models of mail programs and doctor, it takes 15 ms instead of 150 ms to load
 * (Node 24.21, 2026-11-30).
 */
import type { Forms } from '../access/form.ts'
import { seeOther } from '../frame/page.ts'
import type { OverviewHandlers } from '../routes.ts'
import type { History, Traffic } from '../traffic/history.ts'
import type { Overview } from './overview.ts'
import { overviewPage } from './overview-page.ts'

export interface OverviewOptions {
  readonly forms: Forms
  readonly history: Pick<History, 'sample'>
  /** @param now milliseconds since 1970 */
  readonly overviewAt: (now: number, traffic: Traffic) => Overview
  readonly reload: () => Promise<unknown>
}

export function createOverviewHandlers({ forms, history, overviewAt, reload }: OverviewOptions): OverviewHandlers {
  return {
    'GET /': async () => overviewPage(overviewAt(Date.now(), await history.sample()), forms.token),
    'POST /reload': forms.handle('/', async () => {
      await reload()
      return seeOther('/#settings')
    })
  }
}
