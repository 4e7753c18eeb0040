/**
 * `/internal/openapi.json`: the description of the requests of hosting portals, in OpenAPI 3.1. It is separate from the public
 * one because the public listeners serve none of it.
 */
import type { FastifyInstance } from 'fastify'
import { document } from '../../dialects/document.ts'
import { servePath } from '../../http/routes/serve-path.ts'
import { send } from '../../http/send.ts'
import { personNameLimit } from '../../settings/names/person-name.ts'
import { longestPassword, mostAccounts, mostAliases, qrFormats } from './portal-accounts.ts'

const string = { type: 'string' } as const
const address = { type: 'string', maxLength: 254, description: 'A mail address.' } as const

const accountProperties = {
  address,
  aliases: {
    type: 'array',
    maxItems: mostAliases,
    items: address,
    description: 'Further addresses of the same mailbox, from which the person can send.'
  },
  name: { type: 'string', maxLength: personNameLimit, description: 'The name of the person, for the From header.' },
  password: {
    type: 'string',
    minLength: 1,
    maxLength: longestPassword,
    description: 'A password or an app password. Without it, the mail program asks for one.'
  }
} as const

const account = {
  type: 'object',
  required: ['address'],
  additionalProperties: false,
  properties: accountProperties
} as const

const accounts = {
  type: 'object',
  required: ['accounts'],
  additionalProperties: false,
  properties: {
    accounts: { type: 'array', minItems: 1, maxItems: mostAccounts, items: { $ref: '#/components/schemas/Account' } }
  }
} as const

const qrRequest = {
  type: 'object',
  required: ['address'],
  additionalProperties: false,
  properties: {
    ...accountProperties,
    format: { enum: qrFormats, default: 'svg', description: 'svg: an image. text: the content of the code.' }
  }
} as const

const problem = {
  type: 'object',
  required: ['error'],
  additionalProperties: false,
  properties: { error: string }
} as const

const json = (name: string) => ({ 'application/json': { schema: { $ref: `#/components/schemas/${name}` } } })
const text = { 'text/plain': { schema: string } }

const refusals = {
  400: {
    description: 'The body is invalid. The error names the field and repeats nothing of the body.',
    content: json('Problem')
  },
  403: { description: 'The request has an Origin header, so it comes from a web page.', content: text },
  404: { description: 'A domain is not served.', content: json('Problem') },
  413: { description: 'The body is longer than 16 KiB.', content: text },
  422: { description: 'A domain has no such document.', content: json('Problem') },
  503: { description: 'A directory is unavailable, or there is no valid key to sign with.', content: text }
} as const

export const portalOpenapi = {
  openapi: '3.1.0',
  info: {
    title: 'Signpost for hosting portals',
    version: '1',
    description: 'Setup documents that contain the password. Nothing is kept after the response.'
  },
  paths: {
    '/internal/profile': {
      post: {
        operationId: 'profile',
        summary: 'An Apple profile of one or more mailboxes. It is signed if a key is configured.',
        requestBody: {
          required: true,
          content: {
            'application/json': {
              schema: { anyOf: [{ $ref: '#/components/schemas/Account' }, { $ref: '#/components/schemas/Accounts' }] }
            }
          }
        },
        responses: {
          200: { description: 'The profile.', content: { 'application/x-apple-aspen-config': {} } },
          ...refusals
        }
      }
    },
    '/internal/qr': {
      post: {
        operationId: 'qr',
        summary: 'A QR code for Thunderbird for Android.',
        requestBody: { required: true, content: json('QrRequest') },
        responses: { 200: { description: 'The code.', content: { 'image/svg+xml': {}, ...text } }, ...refusals }
      }
    }
  },
  components: { schemas: { Account: account, Accounts: accounts, QrRequest: qrRequest, Problem: problem } }
} as const

const headers = {
  'content-type': 'application/json; charset=utf-8',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff'
}

const description = document(200, headers, `${JSON.stringify(portalOpenapi)}\n`)

/** Adds `GET /internal/openapi.json` to the admin service. */
export function servePortalDescription(admin: FastifyInstance): void {
  servePath(admin, {
    url: '/internal/openapi.json',
    methods: ['GET'],
    crossOrigin: false,
    handler: (_request, reply) => send(reply, description),
    respond: (_request, reply, answered) => send(reply, answered)
  })
}
