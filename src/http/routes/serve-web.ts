/**
 * The page for people: `/`, `/setup?email=` and `/setup/<provider>`.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { fastifyPlugin } from 'fastify-plugin'
import { errors } from '../../errors.ts'
import type { Signing } from '../../keys/signing.ts'
import type { Address } from '../../settings/question/address.ts'
import { resolve } from '../../settings/question/resolution-order.ts'
import type { Table } from '../../settings/table.ts'
import { pageHeaders } from '../../web/frame/page-headers.ts'
import type { Signature } from '../../web/pages/person-page.ts'
import { httpsRedirect } from '../https-redirect.ts'
import { weights } from '../limits/rate.ts'
import { refusal, unavailable } from '../refusal.ts'
import { servePath } from './serve-path.ts'
import { type Pages, type WebAnswer, type WebPath, webPaths } from './web-paths.ts'

export interface PageOptions {
  readonly signing: Pick<Signing, 'keyAt'>
}

const notServed = refusal(errors.notFound())
const dialect = 'web'

/** Needs the decorators `source`, `respond`, `proxy` and `weigh`. */
export const pageRoutes = fastifyPlugin(async (app: FastifyInstance, options: PageOptions) => {
  for (const path of webPaths) serveWebPath(app, path, options)
})

function serveWebPath(app: FastifyInstance, path: WebPath, { signing }: PageOptions): void {
  const { url, write, weightOf } = path
  const { source, respond, proxy, weigh } = app
  const { schemeOf } = proxy
  const handler = async (request: FastifyRequest, reply: FastifyReply) => {
    const { headers, client, query, params } = request as FastifyRequest<{
      Querystring: string
      Params: { id?: string }
    }>
    const { host } = headers
    const { table } = source
    const find = (address?: Address) => source.find({ domain: address?.domain, host, address, client })
    const page = async () =>
      await write(await loadPages(), {
        table,
        find,
        host,
        query,
        id: params.id ?? '',
        acceptLanguage: headers['accept-language'],
        device: { platform: headers['sec-ch-ua-platform']?.toString(), userAgent: headers['user-agent'] },
        signature: signatureOf(table, signing)
      })
    const redirect = async () => {
      const account = await find()
      return { document: httpsRedirect(request.url, { account, host, table }) ?? notServed, domain: account?.domain }
    }
    const isPlain = schemeOf(request.raw) === 'http'
    const answer: WebAnswer = await (isPlain ? redirect() : page()).catch(error => ({ document: unavailable(error) }))
    const { document, domain = resolve(table, { domain: undefined, host })?.domain } = answer
    respond(request, reply, withPageHeaders(document), { dialect, domain })
  }
  const onRequest =
    weightOf && weigh(({ raw, query }) => (schemeOf(raw) === 'http' ? weights.usual : weightOf(query as string)))
  servePath(app, {
    url,
    methods: ['GET'],
    crossOrigin: false,
    onRequest,
    handler,
    isServed: ({ params }) => path.isServed?.(source.table, (params as { id: string }).id) ?? true,
    respond: (request, reply, document) => respond(request, reply, document, { dialect })
  })
}

/** Why: templates have these headers already, and are most of what is sent. */
function withPageHeaders(document: WebAnswer['document']): WebAnswer['document'] {
  if ('referrer-policy' in document.headers) return document
  return { ...document, headers: { ...pageHeaders, ...document.headers } }
}

let loaded: Pages | undefined

/** Why at the first request: a server that only mail programs ask starts without the words of ten languages. */
async function loadPages(): Promise<Pages> {
  loaded ??= (await import('../../web/pages/pages.ts')).pages
  return loaded
}

function signatureOf({ settings }: Table, { keyAt }: PageOptions['signing']): Signature {
  if (settings.signing === undefined) return 0
  const key = keyAt(Date.now())
  if (key !== undefined) return key.chain.reduce((sum, { raw }) => sum + raw.length, signatureOverhead)
  return settings.signing.required === true ? undefined : 0
}

/** Bytes of a signature beside its certificates, about. */
const signatureOverhead = 400
