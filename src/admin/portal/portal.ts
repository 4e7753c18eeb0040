/**
 * For hosting portals: Apple profiles and QR codes that contain the password, so that people type it once, in the portal. The
 * portal sends it with each request, and nothing keeps it.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type ProfileMailbox, portalProfile } from '../../dialects/apple/portal-profile.ts'
import { apple } from '../../dialects/apple/profile.ts'
import { writerOf } from '../../dialects/dialect.ts'
import { type Document, document, isDocument } from '../../dialects/document.ts'
import { thunderbirdQr } from '../../dialects/qr-payload.ts'
import { errors } from '../../errors.ts'
import { toQrCode, writeQrSvg } from '../../formats/qr.ts'
import { refusal, unavailable } from '../../http/refusal.ts'
import { servePath } from '../../http/routes/serve-path.ts'
import { send } from '../../http/send.ts'
import type { Signer } from '../../http/signer.ts'
import type { Account } from '../../settings/question/account.ts'
import type { Source } from '../../sources/source.ts'
import {
  isProblem,
  type PortalAccount,
  type PortalAccounts,
  type Problem,
  type QrRequest,
  readAccounts,
  readQrRequest
} from './portal-accounts.ts'

export interface PortalOptions {
  readonly source: Pick<Source, 'find'>
  /** Signs profiles if the settings have a key. */
  readonly sign: Signer
}

/** Enough for twenty mailboxes with aliases. */
export const portalBodyBytes = 16 * 1024

const crossOrigin = refusal(errors.crossOrigin())

/** Adds `POST /internal/profile` and `POST /internal/qr` to the admin service. */
export function servePortal(admin: FastifyInstance, { source, sign }: PortalOptions): void {
  post(admin, '/internal/profile', async body => {
    const accounts = readAccounts(body)
    return isProblem(accounts) ? problemDocument(400, accounts) : sign(await profileOf(accounts, source))
  })
  post(admin, '/internal/qr', async body => {
    const asked = readQrRequest(body)
    return isProblem(asked) ? problemDocument(400, asked) : await qrOf(asked, source)
  })
}

function post(admin: FastifyInstance, url: string, respond: (body: Buffer | undefined) => Promise<Document>): void {
  servePath(admin, {
    url,
    methods: ['POST'],
    crossOrigin: false,
    handler: async (request, reply) => {
      // Why: no web page has a reason to call this, and browsers always send Origin with a POST from another site.
      if (request.headers.origin !== undefined) return send(reply, crossOrigin)
      const { body } = request as FastifyRequest<{ Body: Buffer | undefined }>
      send(reply, await respond(body).catch(unavailable))
    },
    respond: (_request: FastifyRequest, reply: FastifyReply, answered: Document) => send(reply, answered)
  })
}

async function profileOf([first, ...others]: PortalAccounts, source: PortalOptions['source']): Promise<Document> {
  const main = await mailboxOf(first, source)
  if (isDocument(main)) return main
  const more = []
  for (const account of others) {
    const mailbox = await mailboxOf(account, source)
    if (isDocument(mailbox)) return mailbox
    more.push(mailbox)
  }
  return portalProfile(main, more)
}

/** @returns a refusal if there is no profile for the domain */
async function mailboxOf(account: PortalAccount, source: PortalOptions['source']): Promise<ProfileMailbox | Document> {
  const found = await find(account, source)
  if (found === undefined) return notServed(account)
  if (writerOf(apple, found.provider) !== undefined) return { ...found, ...account }
  return problemDocument(422, { problem: `${account.path}address: there is no Apple profile for this domain` })
}

async function qrOf({ account, format }: QrRequest, source: PortalOptions['source']): Promise<Document> {
  const found = await find(account, source)
  if (found === undefined) return notServed(account)
  const { address, aliases, name, password } = account
  const written = thunderbirdQr({ ...found, address, personName: name }, { aliases, password })
  if ('reason' in written) return problemDocument(422, { problem: written.reason })
  if (format === 'text') return answer(200, 'text/plain; charset=utf-8', `${written.payload}\n`)
  const title = `QR code that sets up ${address.text} in Thunderbird for Android`
  // Why this level: Thunderbird itself uses it. A higher one makes the code harder to scan from a screen.
  return answer(200, 'image/svg+xml', writeQrSvg(toQrCode(written.payload, 'L'), title))
}

async function find({ address }: PortalAccount, source: PortalOptions['source']): Promise<Account | undefined> {
  return await source.find({ domain: address.domain, host: undefined, address })
}

function notServed({ path }: PortalAccount): Document {
  return problemDocument(404, { problem: `${path}address: the domain is not served` })
}

function problemDocument(status: number, { problem }: Problem): Document {
  return answer(status, 'application/json; charset=utf-8', `${JSON.stringify({ error: problem })}\n`)
}

function answer(status: number, type: string, body: string): Document {
  const headers = { 'content-type': type, 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' }
  return document(status, headers, body)
}
