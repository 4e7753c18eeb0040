/**
 * The one way from a document to the client, to the log and to the metrics.
 */
import type { IncomingMessage } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Document } from '../dialects/document.ts'
import { toSite } from '../settings/account.ts'
import type { AccessLog, Outcome } from './log/access-log.ts'
import { clientFamily } from './log/client-family.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** When the request arrived, by `performance.now()`; set at the beginning of admission. */
    arrivedMs: number
  }
}

/** What is logged and counted of a request, besides its client and duration. */
export interface Answered {
  /** `none` for requests that are not for a dialect. */
  readonly dialect: string
  /** The domain that the request is about. Default: the host that was asked. */
  readonly domain?: string | undefined
  /** Default: what the status says. */
  readonly outcome?: Outcome | undefined
}

/** Sends a document, and logs and counts the request. Its duration begins with its arrival. */
export type Respond = (
  request: FastifyRequest,
  reply: FastifyReply,
  document: Document<string | Buffer>,
  answered: Answered
) => void

/** @param addressOf the client's address, as it is logged */
export function createRespond(access: AccessLog, addressOf: (request: IncomingMessage) => string | undefined): Respond {
  return (request, reply, document, { dialect, domain, outcome = outcomeOf(document) }) => {
    const { host, 'user-agent': userAgent } = request.headers
    send(reply, document)
    const { status } = document
    const client = clientFamily(userAgent)
    const clientAddress = addressOf(request.raw)
    access({ dialect, domain: domain ?? toSite(host), outcome, status, client, clientAddress }, request.arrivedMs)
  }
}

/**
 * Sends a document, and nothing else.
 *
 * Why not `reply.send`: its serialising, hooks and copying of headers take a tenth of the time of a request that needs none
 * of them.
 */
export function send(reply: FastifyReply, { status, headers, body }: Document<string | Buffer>): void {
  reply.hijack()
  reply.raw.writeHead(status, headers)
  if (typeof body !== 'string') {
    reply.raw.end(body)
    return
  }
  // Why: a text with as many bytes as characters is ASCII, and node copies that instead of encoding it.
  reply.raw.end(body, headers['content-length'] === body.length ? 'latin1' : 'utf8')
}

function outcomeOf({ status }: Document<string | Buffer>): Outcome {
  if (status === 302 || status === 307) return 'redirected'
  if (status === 404) return 'not-served'
  if (status >= 500) return 'failed'
  return status >= 400 ? 'refused' : 'answered'
}
