/**
 * The console of the admin listener: its paths, and the input and output behind its pages.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Document, document } from '../dialects/document.ts'
import { errors } from '../errors.ts'
import { refusal } from '../http/refusal.ts'
import { send } from '../http/respond.ts'
import { servePath } from '../http/serve-path.ts'
import type { Forms } from './access/form.ts'
import type { Guard } from './access/guard.ts'
import { checkPage } from './check/check-page.ts'
import { sendEvents } from './check/events.ts'
import { toReport, typedSubject } from './check/report.ts'
import type { Runner } from './check/runner.ts'
import type { DomainPages } from './domains/domain-pages.ts'
import { pageHeaders } from './frame/page.ts'
import type { Overview } from './overview/overview.ts'
import { overviewPage } from './overview/overview-page.ts'
import { programsPage } from './programs/programs-page.ts'
import type { History, Traffic } from './traffic/history.ts'

export interface ConsoleOptions {
  readonly guard: Guard
  readonly forms: Forms
  readonly history: History
  /** @param now milliseconds since 1970 */
  readonly overviewAt: (now: number, traffic: Traffic) => Overview
  readonly domains: DomainPages
  readonly runner: Runner
  readonly reload: () => Promise<unknown>
}

/** Undefined if the handler has answered. */
type Answer = Document | undefined

const crossOrigin = refusal(errors.crossOrigin())
const notFound = refusal(errors.notFound())

/** Adds the pages to the admin service. */
export function serveConsole(admin: FastifyInstance, options: ConsoleOptions): void {
  const { guard, forms, history, overviewAt, domains, runner, reload } = options

  type Handle = (request: FastifyRequest, reply: FastifyReply) => Answer | Promise<Answer>

  /** @param handlers answer the methods of the path, unless the request may not see the console */
  function serve(url: string, handlers: { readonly GET?: Handle; readonly POST?: Handle }): void {
    servePath(admin, {
      url,
      methods: Object.keys(handlers) as (keyof typeof handlers)[],
      crossOrigin: false,
      async handler(request, reply) {
        const refused = guard(request.raw)
        if (refused !== undefined) return send(reply, refused)
        const handle = request.method === 'POST' ? handlers.POST : handlers.GET
        const answer = await handle?.(request, reply)
        if (answer !== undefined) send(reply, answer)
      },
      respond: (_request, reply, answer) => send(reply, answer)
    })
  }

  /** @param handle is called with the fields of a form of the console; any other request is refused */
  const form = (handle: (fields: URLSearchParams) => Answer | Promise<Answer>): Handle => {
    return ({ headers, body }) => {
      const fields = forms.read(headers, body as Buffer | undefined)
      return fields === undefined ? crossOrigin : handle(fields)
    }
  }

  serve('/', { GET: async () => overviewPage(overviewAt(Date.now(), await history.sample()), forms.token) })

  serve('/reload', {
    POST: form(async () => {
      await reload()
      return seeOther('/#settings')
    })
  })

  serve('/domains', { GET: request => domains.search(queryOf(request).get('q') ?? '') })
  serve('/domains/:domain', {
    GET: async request => (await domains.show(domainIn(request), { runner, token: forms.token })) ?? notFound
  })
  serve('/domains/:domain/documents/:dialect', {
    GET: async request => (await domains.showDocument(domainIn(request), parameters(request).dialect)) ?? notFound
  })
  serve('/domains/:domain/dns', { GET: async request => (await domains.compare(domainIn(request))) ?? notFound })

  serve('/check', {
    GET(request) {
      const { token } = forms
      const text = queryOf(request).get('domain') ?? ''
      const { running } = runner
      return checkPage({ text, token, running, result: runner.resultOf(text) })
    },
    POST: form(fields => {
      const { token } = forms
      const text = fields.get('domain') ?? ''
      const domain = typedSubject(text)
      const { running } = runner
      if (domain === undefined) {
        const problem = 'This is neither a domain nor a mail address.'
        return checkPage({ text, token, running, result: undefined, problem })
      }
      runner.start(domain)
      return seeOther(`/check?domain=${domain}`)
    })
  })
  serve('/check/events', {
    GET(_request, reply) {
      sendEvents(reply.hijack(), runner)
      return undefined
    }
  })
  serve('/check/result.json', {
    GET: request => toReport(runner.resultOf(queryOf(request).get('domain') ?? '')) ?? notFound
  })

  serve('/trace', {
    GET: async request => {
      const query = queryOf(request)
      return await domains.trace(query.get('address') ?? '', query.get('program') ?? '')
    }
  })

  serve('/programs', { GET: async () => programsPage(await history.sample()) })
}

/** Spec: RFC 9110 15.4.4: the browser loads the page with GET. */
function seeOther(location: string): Document {
  return document(303, { ...pageHeaders, location }, '')
}

function queryOf({ raw: { url = '' } }: FastifyRequest): URLSearchParams {
  return new URLSearchParams(url.split('?')[1])
}

function parameters({ params }: FastifyRequest) {
  return params as { readonly domain: string; readonly dialect: string }
}

function domainIn(request: FastifyRequest): string {
  return parameters(request).domain
}
