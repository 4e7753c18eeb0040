/**
 * Answers of this service to the challenges of a certificate authority: RFC 8555 8.3.
 */
import type { FastifyInstance } from 'fastify'
import { document } from '../../dialects/document.ts'
import { errors } from '../../errors.ts'
import { challengePath } from '../../settings/check/tls.ts'
import { refusal } from '../refusal.ts'
import { servePath } from './serve-path.ts'

export interface ChallengeRouteOptions {
  /** @param token as a client sent it. @returns the answer; undefined if the token is unknown. Never rejects */
  readonly challengeOf: (token: string) => Promise<string | undefined>
}

const unknown = refusal(errors.notFound())
const answered = { dialect: 'acme' }

export async function challengeRoute(app: FastifyInstance, { challengeOf }: ChallengeRouteOptions): Promise<void> {
  servePath(app, {
    url: `${challengePath}:token`,
    methods: ['GET'],
    crossOrigin: false,
    async handler(request, reply) {
      const { token } = request.params as { readonly token: string }
      const text = await challengeOf(token)
      app.respond(request, reply, text === undefined ? unknown : toDocument(text), answered)
    },
    respond: (request, reply, answer) => app.respond(request, reply, answer, answered)
  })
}

function toDocument(text: string) {
  const headers = {
    'content-type': 'application/octet-stream',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff'
  }
  return document(200, headers, text)
}
