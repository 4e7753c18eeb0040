/**
 * `/api/openapi.json`: the description of `/api/settings` for programs, in OpenAPI 3.1. test/http/routes/openapi.test.ts compares it
 * with real answers. Why it is not made from the settings' schema: loading typebox takes longer than the rest of the start.
 */
import type { FastifyInstance } from 'fastify'
import { fastifyPlugin } from 'fastify-plugin'
import { document } from '../../dialects/document.ts'
import { servePath } from './serve-path.ts'

const string = { type: 'string' } as const
const url = { type: 'string', format: 'uri' } as const
// Why not the formats hostname and email: they know neither every name that the DNS has nor other letters than ASCII.
const host = { type: 'string', description: 'As A-labels.' } as const
const translations = {
  type: 'object',
  description: 'Texts by language, such as { "en": "…", "de": "…" }.',
  additionalProperties: string
} as const

const authentication = {
  type: 'array',
  description: 'Login methods, best first.',
  items: {
    enum: ['password', 'encrypted-password', 'oauth2', 'gssapi', 'ntlm', 'client-certificate', 'none']
  }
} as const

const ownUsername = {
  type: ['string', 'null'],
  description: 'User name for this server, if it is not the one above. null: it needs none.'
} as const

const server = {
  type: 'object',
  required: ['protocol', 'host', 'port', 'security', 'authentication'],
  properties: {
    protocol: { enum: ['imap', 'pop3', 'smtp', 'managesieve'] },
    host,
    port: { type: 'integer', minimum: 1, maximum: 65535 },
    security: { enum: ['tls', 'starttls', 'none'], description: 'tls: from the first byte.' },
    authentication,
    pathPrefix: { type: 'string', description: 'Prefix of all folders of an imap server, such as "INBOX.".' },
    username: ownUsername
  }
} as const

const service = {
  type: 'object',
  required: ['protocol', 'url', 'authentication'],
  properties: {
    protocol: { enum: ['jmap', 'caldav', 'carddav', 'webdav', 'activesync', 'ews', 'graph'] },
    url,
    authentication,
    username: ownUsername
  }
} as const

const settings = {
  type: 'object',
  required: ['address', 'username', 'domain', 'provider', 'servers', 'services', 'password', 'documentation'],
  properties: {
    address: { type: 'string', description: 'The requested address, with its domain as A-labels.' },
    username: { type: 'string', description: 'User name for all servers and services without their own.' },
    domain: { type: 'string', description: 'The domain that determined the provider, as A-labels.' },
    provider: {
      type: 'object',
      required: ['id', 'name', 'shortName'],
      properties: { id: string, name: string, shortName: string, website: url, webmail: url }
    },
    servers: {
      type: 'array',
      description: 'Reached by host and port. Mail programs get the first of each protocol.',
      items: server
    },
    services: { type: 'array', description: 'Reached by URL.', items: service },
    autodiscover: {
      type: 'object',
      description: 'Outlook and ActiveSync are sent to an Exchange service.',
      required: ['redirect'],
      properties: { redirect: url }
    },
    oauth: {
      type: 'object',
      required: ['issuer', 'scope', 'authorizationUrl', 'tokenUrl'],
      properties: {
        issuer: {
          type: 'string',
          description: 'Issuer of the authorization server, exactly as in its metadata (RFC 8414).'
        },
        scope: string,
        authorizationUrl: url,
        tokenUrl: url,
        clientId: { type: 'string', description: 'Client identifier for any program, without a secret.' }
      }
    },
    password: {
      type: 'object',
      description: 'What people need to know about the password.',
      properties: { note: translations, url }
    },
    documentation: {
      type: 'array',
      items: { type: 'object', required: ['url', 'text'], properties: { url, text: translations } }
    }
  }
} as const

const problem = { type: 'object', required: ['error'], properties: { error: string } } as const

const json = (schema: object) => ({ 'application/json': { schema } })

export const openapi = {
  openapi: '3.1.0',
  info: {
    title: 'Signpost',
    version: '1',
    description: 'Mail settings of an address. It does not reveal whether a mailbox exists.'
  },
  paths: {
    '/api/settings': {
      get: {
        operationId: 'settings',
        summary: 'The settings of an address, alternatives too.',
        security: [],
        parameters: [{ name: 'email', in: 'query', required: true, schema: { type: 'string', maxLength: 254 } }],
        responses: {
          200: { description: 'The settings.', content: json({ $ref: '#/components/schemas/Settings' }) },
          302: { description: 'The request came over http, and is redirected to https.' },
          400: {
            description: 'The query contains no valid mail address.',
            content: json({ $ref: '#/components/schemas/Problem' })
          },
          404: { description: 'The domain is not served.', content: { 'text/plain': { schema: string } } }
        }
      }
    }
  },
  components: { schemas: { Settings: settings, Problem: problem } }
}

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
