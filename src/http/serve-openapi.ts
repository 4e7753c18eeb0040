/**
 * `/api/openapi.json`: the description of the JSON for programs.
 */
import type { FastifyInstance } from 'fastify'
import { fastifyPlugin } from 'fastify-plugin'
import { document } from '../dialects/document.ts'
import { openapi } from './openapi.ts'
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

const answered = { dialect: 'none' }

/** Needs the decorator `respond`. */
export const openapiRoute = fastifyPlugin(async (app: FastifyInstance) => {
  const { respond } = app
  servePath(app, {
    url: '/api/openapi.json',
    methods: ['GET'],
    crossOrigin: true,
    handler: (request, reply) => respond(request, reply, description, answered),
    respond: (request, reply, document) => respond(request, reply, document, answered)
  })
})
