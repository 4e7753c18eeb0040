/**
 * A Redis server that implements the script of `createSharedCounter`, with enough of RESP2 for a client to connect
 * and count. test/real/redis.real.ts runs the script in a real Redis.
 */
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import type { Test } from 'tap'
import { readCommand } from '../peers/redis.ts'

export interface RedisStub {
  readonly url: string
  /** The counts by key. */
  readonly runs: Map<string, number>
  /** Delay of replies in milliseconds. */
  delayMs: number
  /** Closes every connection and accepts no more. */
  close(): Promise<void>
}

export async function startRedisStub(t: Test, port = 0): Promise<RedisStub> {
  const stub = { delayMs: 0 }
  const runs = new Map<string, number>()
  const sockets = new Set<Socket>()
  const server: Server = createServer(socket => {
    sockets.add(socket)
    let text = ''
    socket.on('error', () => undefined)
    socket.on('data', chunk => {
      text += chunk
      for (let command = readCommand(text); command !== undefined; command = readCommand(text)) {
        text = text.slice(command.length)
        const bytes = reply(command.words, runs)
        if (stub.delayMs === 0) socket.write(bytes)
        else setTimeout(() => socket.write(bytes), stub.delayMs)
      }
    })
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const close = async () => {
    if (!server.listening) return
    const closed = once(server.close(), 'close')
    for (const socket of sockets) socket.destroy()
    await closed
  }
  t.teardown(close)
  return Object.assign(stub, { url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`, runs, close })
}

function reply([name = '', , keyCount = '', ...values]: readonly string[], runs: Map<string, number>): string {
  if (!name.toLowerCase().startsWith('eval')) return '+OK\r\n'
  const keys = values.slice(0, Number(keyCount))
  const [weight = 0, , ...limits] = values.slice(keys.length).map(Number)
  const isOver = '*2\r\n:1\r\n:1500\r\n'
  const isFull = (key: string, level: number) => (runs.get(key) ?? 0) >= Number(limits[level])
  if (keys.some(isFull)) return isOver
  for (const [level, key] of keys.entries()) {
    const used = (runs.get(key) ?? 0) + weight
    runs.set(key, used)
    if (used > Number(limits[level])) return isOver
  }
  return '*2\r\n:0\r\n:0\r\n'
}
