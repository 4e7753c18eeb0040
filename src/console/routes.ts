/**
 * The paths of the console on the admin listener. Its pages are loaded when they are requested: models of all mail programs and doctor
 * take 150 ms of processor time and 9 MB (Node 24.21, 2026-11-30), and many consoles are never opened.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Document } from '../dialects/document.ts'
import { servePath } from '../http/routes/serve-path.ts'
import { send } from '../http/send.ts'
import type { Guard } from './access/guard.ts'

const routes = {
  '/': ['GET'],
  '/reload': ['POST'],
  '/domains': ['GET'],
  '/domains/:domain': ['GET'],
  '/domains/:domain/dns': ['GET'],
  '/domains/:domain/documents/:dialect': ['GET'],
  '/check': ['GET', 'POST'],
  '/check/events': ['GET'],
  '/check/result.json': ['GET'],
  '/trace': ['GET'],
  '/programs': ['GET']
} as const

type Routes = typeof routes

/** Such as `GET /domains`. */
export type Route = { [Path in keyof Routes]: `${Routes[Path][number]} ${Path}` }[keyof Routes]

/** @returns undefined if the handler has answered itself */
export type Handle = (
  request: FastifyRequest,
  reply: FastifyReply
) => Document | undefined | Promise<Document | undefined>

type OverviewRoute = 'GET /' | 'POST /reload'

export type OverviewHandlers = Readonly<Record<OverviewRoute, Handle>>

export type Pages = Readonly<Record<Exclude<Route, OverviewRoute>, Handle>>

export interface ConsoleOptions {
  readonly guard: Guard
  /** Called at every request that the guard lets pass. */
  readonly load: (route: Route) => Promise<Handle>
}

/** Adds the console to the admin service. */
export function serveConsole(admin: FastifyInstance, { guard, load }: ConsoleOptions): void {
  for (const [url, methods] of Object.entries(routes)) {
    servePath(admin, {
      ...{ url, methods, crossOrigin: false },
      async handler(request, reply) {
        const refused = guard(request.raw)
        if (refused !== undefined) return send(reply, refused)
        // Why HEAD: Fastify answers it with the handler of GET.
        const method = request.method === 'HEAD' ? 'GET' : request.method
        const handle = await load(`${method} ${url}` as Route)
        const answer = await handle(request, reply)
        if (answer !== undefined) send(reply, answer)
      },
      respond: (_request, reply, answer) => send(reply, answer)
    })
  }
}
