/**
 * `/api/openapi.json`: the description of the JSON for programs.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { document } from '../dialects/document.ts'
import { toSite } from '../settings/account.ts'
import type { AccessLog, Outcome } from './log/access-log.ts'
import { clientFamily } from './log/client-family.ts'
import { openapi } from './openapi.ts'
import { send } from './respond.ts'
import { servePath } from './serve-path.ts'

const description = document(
  200,
  {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'public, max-age=3600',
    'access-control-allow-origin': '*',
    'x-content-type-options': 'nosniff'
  },
  JSON.stringify(openapi)
)

export function serveOpenapi(app: FastifyInstance, { access }: { readonly access: AccessLog }): void {
  const log = ({ headers }: FastifyRequest, outcome: Outcome) => {
    const client = clientFamily(headers['user-agent'])
    access({ dialect: 'none', domain: toSite(headers.host), outcome, client }, performance.now())
  }
  servePath(app, {
    url: '/api/openapi.json',
    methods: ['GET'],
    crossOrigin: true,
    handler: (request, reply) => {
      send(reply, description)
      log(request, 'answered')
    },
    log
  })
}
