// A proxy in front of pebble that delays, refuses or spoils its answers.

import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer, request as requestOver } from 'node:https'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { WORLD_ADDRESS } from './namespace.ts'
import { PEBBLE_HOST, type Pebble } from './pebble.ts'

/** What happens to a response: `silent` sends none, `noise` is not HTTP, `endless` does not end. */
export type Behaviour = 'silent' | 'noise' | 'endless' | { readonly delayMs: number } | Answer

export interface Answer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body: string
}

export interface AuthorityProxy {
  /** URL of the directory. */
  readonly directory: string
  /** Method and path of each request, with `newOrder` and so on as pebble names the path. */
  readonly requests: string[]
  /** @returns undefined to leave the answer to pebble */
  behave: (method: string, path: string) => Behaviour | undefined
  stop(): Promise<void>
}

const PORT = 14_001
const PEBBLE_PORT = 14_000

/** @param directory of pebble, with its certificates */
export async function startAuthorityProxy({ ca }: Pick<Pebble, 'ca'>, directory: string): Promise<AuthorityProxy> {
  const authority = (suffix: string) => readFileSync(join(directory, `authority/${PEBBLE_HOST}.${suffix}`))
  const root = readFileSync(ca)
  const server = createServer({ cert: authority('pem'), key: authority('key') }, (request, response) => {
    const { method = '', url = '' } = request
    proxy.requests.push(`${method} ${url}`)
    const behaviour = proxy.behave(method, url)
    answer(behaviour, request, response, root).catch(() => response.destroy())
  })
  server.listen(PORT, WORLD_ADDRESS)
  await once(server, 'listening')
  const proxy: AuthorityProxy = {
    directory: `https://${PEBBLE_HOST}:${PORT}/dir`,
    requests: [],
    behave: () => undefined,
    async stop() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    }
  }
  return proxy
}

async function answer(
  behaviour: Behaviour | undefined,
  request: IncomingMessage,
  response: ServerResponse,
  root: Buffer
): Promise<void> {
  if (behaviour === 'silent') return
  if (behaviour === 'noise') {
    response.socket?.end('\0\u0001 this is not HTTP\r\n\r\n')
    return
  }
  if (behaviour === 'endless') {
    response.writeHead(200, { 'content-type': 'application/json' })
    // Why a limit: a test must not send data forever if Signpost does not stop reading.
    const pieces = Array.from({ length: 1000 }, () => 'x'.repeat(16 * 1024))
    await pipeline(pieces, response)
    return
  }
  if (behaviour !== undefined && 'status' in behaviour) {
    response.writeHead(behaviour.status, behaviour.headers).end(behaviour.body)
    return
  }
  if (behaviour !== undefined) await sleep(behaviour.delayMs)
  await forward(request, response, root)
}

/** Why with the same `Host`: pebble makes its URLs from it. */
async function forward(request: IncomingMessage, response: ServerResponse, ca: Buffer): Promise<void> {
  const { method, url: path, headers } = request
  const options = { host: WORLD_ADDRESS, port: PEBBLE_PORT, servername: PEBBLE_HOST, ca, method, path, headers }
  // Why first: until `once` listens, an error of the other request would end the process.
  const body = await buffer(request)
  const sent = requestOver({ ...options, agent: false }).end(body)
  const [received] = (await once(sent, 'response')) as [IncomingMessage]
  response.writeHead(Number(received.statusCode), received.headers).end(await buffer(received))
}
