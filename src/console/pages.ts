/**
 * The pages of the console, by route.
 */
import { setImmediate } from 'node:timers/promises'
import type { FastifyRequest } from 'fastify'
import { type KnownFailures, knownFailures } from '../conformance/known-failures.ts'
import { type Document, document } from '../dialects/document.ts'
import { errors } from '../errors.ts'
import { refusal } from '../http/refusal.ts'
import type { Forms } from './access/form.ts'
import { checkPage } from './check/check-page.ts'
import { sendEvents } from './check/events.ts'
import { toReport, typedDomain } from './check/report.ts'
import type { Runner } from './check/runner.ts'
import type { DomainPages } from './domains/domain-pages.ts'
import { pageHeaders } from './frame/page.ts'
import type { Overview } from './overview/overview.ts'
import { overviewPage } from './overview/overview-page.ts'
import { programsPage } from './programs/programs-page.ts'
import type { Handle, Pages } from './routes.ts'
import type { History, Traffic } from './traffic/history.ts'

export interface PagesOptions {
  readonly forms: Forms
  readonly history: History
  /** @param now milliseconds since 1970 */
  readonly overviewAt: (now: number, traffic: Traffic) => Overview
  readonly domains: DomainPages
  readonly runner: Runner
  readonly reload: () => Promise<unknown>
}

const crossOrigin = refusal(errors.crossOrigin())
const notFound = refusal(errors.notFound())

export function createPages({ forms, history, overviewAt, domains, runner, reload }: PagesOptions): Pages {
  const { token } = forms
  let failures: Promise<KnownFailures> | undefined

  /** @param handle is called with the fields of a form of the console; any other request is refused */
  function form(handle: (fields: URLSearchParams) => Document | Promise<Document>): Handle {
    return ({ headers, body }) => {
      const fields = forms.read(headers, body as Buffer | undefined)
      return fields === undefined ? crossOrigin : handle(fields)
    }
  }

  return {
    'GET /': async () => overviewPage(overviewAt(Date.now(), await history.sample()), token),
    'POST /reload': form(async () => {
      await reload()
      return seeOther('/#settings')
    }),
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
      return checkPage({ text, token, running: runner.running, result: runner.resultOf(typedDomain(text) ?? text) })
    },
    'POST /check': form(fields => {
      const text = fields.get('domain') ?? ''
      const domain = typedDomain(text)
      if (domain === undefined) {
        const problem = 'This is neither a domain nor a mail address.'
        return checkPage({ text, token, running: runner.running, result: undefined, problem })
      }
      if (!runner.start(domain) && runner.running?.domain !== domain) {
        const problem = `Another domain is being checked. Check ${domain} when that has ended.`
        return checkPage({ text, token, running: runner.running, result: undefined, problem })
      }
      return seeOther(`/check?domain=${domain}`)
    }),
    'GET /check/events'(_request, reply) {
      sendEvents(reply.hijack(), runner)
      return undefined
    },
    'GET /check/result.json': request => toReport(runner.resultOf(fieldOf(request, 'domain'))) ?? notFound,
    'GET /trace': request => domains.trace(fieldOf(request, 'address'), fieldOf(request, 'program')),
    async 'GET /programs'() {
      // Why pauses: the same process may answer mail programs.
      failures ??= knownFailures(setImmediate)
      return programsPage(await history.sample(), await failures)
    }
  }
}

/** Spec: RFC 9110 15.4.4: the browser loads the page with GET. */
function seeOther(location: string): Document {
  return document(303, { ...pageHeaders, location }, '')
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
