/**
 * The page for people: `/`, `/setup?email=` and `/setup/<provider>`.
 */
import helmet from '@fastify/helmet'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { errors } from '../errors.ts'
import type { Signing } from '../keys/signing.ts'
import type { Address } from '../settings/address.ts'
import type { Table } from '../settings/table.ts'
import type { Signature } from '../web/pages/person-page.ts'
import { createHelmetHeaders, helmetOptions } from './helmet-headers.ts'
import { httpsRedirect } from './https-redirect.ts'
import { weights } from './limits/weights.ts'
import { refusal } from './refusal.ts'
import type { Services } from './serve-dialect.ts'
import { servePath } from './serve-path.ts'
import { unavailable } from './unavailable.ts'
import { type Pages, type WebPath, webPaths } from './web-paths.ts'

export interface WebServices extends Omit<Services, 'sign'> {
  readonly signing: Pick<Signing, 'keyAt'>
}

interface PageServices extends WebServices {
  readonly helmetHeaders: ReturnType<typeof createHelmetHeaders>
}

const notServed = refusal(errors.notFound())
const dialect = 'web'

/** Why a scope of its own: helmet looks at every request of one, and those of mail programs are none of its business. */
export function serveWeb(app: FastifyInstance, services: WebServices): void {
  app.register(async scope => {
    await scope.register(helmet, helmetOptions)
    const helmetHeaders = createHelmetHeaders()
    for (const path of webPaths) serveWebPath(scope, path, { ...services, helmetHeaders })
  })
}

function serveWebPath(app: FastifyInstance, path: WebPath, services: PageServices): void {
  const { url, write, weightOf } = path
  const { source, respond, schemeOf, signing, helmetHeaders, weigh } = services
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
        signature: signatureOf(table, signing)
      })
    const redirect = async () => httpsRedirect(request.url, { account: await find(), host, table }) ?? notServed
    const isPlain = schemeOf(request.raw) === 'http'
    const written = await (isPlain ? redirect() : page()).catch(unavailable)
    respond(
      request,
      reply,
      { ...written, headers: { ...(await helmetHeaders(reply)), ...written.headers } },
      { dialect }
    )
  }
  const onRequest =
    weightOf && weigh(({ raw, query }) => (schemeOf(raw) === 'http' ? weights.usual : weightOf(query as string)))
  servePath(app, {
    url,
    methods: ['GET'],
    crossOrigin: false,
    onRequest,
    handler,
    respond: (request, reply, document) => respond(request, reply, document, { dialect })
  })
}

let loaded: Pages | undefined

/** Why at the first request: a server that only mail programs ask starts without the words of ten languages. */
async function loadPages(): Promise<Pages> {
  loaded ??= (await import('../web/pages/pages.ts')).pages
  return loaded
}

function signatureOf({ settings }: Table, { keyAt }: WebServices['signing']): Signature {
  if (settings.signing === undefined) return 0
  const key = keyAt(Date.now())
  if (key !== undefined) return key.chain.reduce((sum, { raw }) => sum + raw.length, signatureOverhead)
  return settings.signing.required === true ? undefined : 0
}

/** Bytes of a signature beside its certificates, about. */
const signatureOverhead = 400
