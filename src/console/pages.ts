/**
 * The pages of the console, by route, except for the overview.
 */
import { setImmediate } from 'node:timers/promises'
import type { FastifyRequest } from 'fastify'
import { knownFailures } from '../conformance/known-failures.ts'
import { errors } from '../errors.ts'
import { refusal } from '../http/refusal.ts'
import type { Forms } from './access/form.ts'
import { type CheckPage, checkPage } from './check/check-page.ts'
import { sendEvents } from './check/events.ts'
import { toReport, typedDomain } from './check/report.ts'
import type { Runner } from './check/runner.ts'
import type { DomainPages } from './domains/domain-pages.ts'
import { seeOther } from './frame/page.ts'
import { loadOnce } from './loader.ts'
import { programsPage } from './programs/programs-page.ts'
import type { Pages } from './routes.ts'
import type { History } from './traffic/history.ts'

export interface PagesOptions {
  readonly forms: Forms
  readonly history: History
  readonly domains: DomainPages
  readonly runner: Runner
}

const notFound = refusal(errors.notFound())

export function createPages({ forms, history, domains, runner }: PagesOptions): Pages {
  const { token } = forms
  // Why pauses: the same process may answer mail programs.
  const loadFailures = loadOnce(() => knownFailures(setImmediate))

  const showCheck = (page: Pick<CheckPage, 'text' | 'result' | 'problem'>) =>
    checkPage({ token, running: runner.running, lastChecks: runner.results, ...page })

  return {
    'GET /domains': request => domains.search(fieldOf(request, 'q')),
    'GET /domains/:domain': async request =>
      (await domains.show(parameters(request).domain, { runner, token })) ?? notFound,
    'GET /domains/:domain/dns': async request => (await domains.compare(parameters(request).domain)) ?? notFound,
    'GET /domains/:domain/documents/:dialect': async request => {
      const { domain, dialect } = parameters(request)
      return (await domains.showDocument(domain, dialect)) ?? notFound
    },
    'GET /check'(request) {
      const text = fieldOf(request, 'domain')
      return showCheck({ text, result: runner.resultOf(typedDomain(text) ?? text) })
    },
    'POST /check': forms.handle('/check', fields => {
      const text = fields.get('domain') ?? ''
      const domain = typedDomain(text)
      if (domain === undefined) {
        return showCheck({ text, result: undefined, problem: 'This is neither a domain nor a mail address.' })
      }
      if (!runner.start(domain) && runner.running?.domain !== domain) {
        const problem = `Another domain is being checked. Check ${domain} when that has ended.`
        return showCheck({ text, result: undefined, problem })
      }
      return seeOther(`/check?domain=${domain}`)
    }),
    'GET /check/events'(_request, reply) {
      sendEvents(reply.hijack(), runner)
      return undefined
    },
    'GET /check/result.json': request => toReport(runner.resultOf(fieldOf(request, 'domain'))) ?? notFound,
    'GET /trace': request => domains.trace(fieldOf(request, 'address'), fieldOf(request, 'program')),
    'GET /programs': async () => programsPage(await history.sample(), await loadFailures())
  }
}

/** Longer than any mail address. */
const longestField = 400

/** @returns a field of the query; empty if it is missing */
function fieldOf({ raw: { url = '' } }: FastifyRequest, name: string): string {
  return (new URLSearchParams(url.split('?')[1]).get(name) ?? '').slice(0, longestField)
}

function parameters({ params }: FastifyRequest) {
  return params as { readonly domain: string; readonly dialect: string }
}
