/**
 * The one way from a document to the client, to the log and to the metrics.
 */
import type { IncomingMessage } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Document } from '../dialects/document.ts'
import { toSite } from '../settings/question/account.ts'
import type { AccessLog, Outcome } from './log/access-log.ts'
import { clientFamily } from './log/client-family.ts'
import { send } from './send.ts'

declare module 'fastify' {
  interface FastifyInstance {
    readonly respond: Respond
  }
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
    const { status, code } = document
    const client = clientFamily(userAgent)
    const clientAddress = addressOf(request.raw)
    access({ dialect, domain: domain ?? toSite(host), outcome, status, code, client, clientAddress }, request.arrivedMs)
  }
}

function outcomeOf({ status }: Document<string | Buffer>): Outcome {
  if (status === 302 || status === 307) return 'redirected'
  if (status === 404) return 'not-served'
  if (status >= 500) return 'failed'
  return status >= 400 ? 'refused' : 'answered'
}
