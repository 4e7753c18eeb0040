// Processor time that a server uses for one kind of request, over one persistent connection.
import { readdirSync, readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { Failure } from './failure.ts'

export type Cost = {
  /** Milliseconds of processor time for one request. */
  ms: number
  status: string
}

/** @param turnsOf unique numbers @param request for a unique number */
export const measureCost = async (
  { pid, port }: { pid: number; port: number },
  request: (turn: number) => Buffer,
  { warmUp, requests, maxMs }: { warmUp: number; requests: number; maxMs: number }
): Promise<Cost> => {
  const client = createClient(port)
  let status = ''
  for (let turn = 0; turn < warmUp; turn++) status = await client.ask(request(nextTurn()))
  const before = processorMs(pid)
  const started = performance.now()
  let asked = 0
  while (asked < requests && performance.now() - started < maxMs) {
    status = await client.ask(request(nextTurn()))
    asked++
  }
  const ms = (processorMs(pid) - before) / asked
  client.close()
  return { ms, status }
}

let turns = 0
const nextTurn = () => turns++

/** Of all threads, including those for garbage collection and cryptography. */
const processorMs = (pid: number): number => {
  const all = readdirSync(`/proc/${pid}/task`)
  const nanoseconds = all.map(task => Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]))
  return nanoseconds.reduce((sum, each) => sum + each, 0) / 1e6
}

export const createClient = (port: number) => {
  let socket: Socket | undefined
  const open = async (): Promise<Socket> => {
    const opened = connect({ port, host: '127.0.0.1', noDelay: true })
    opened.on('error', () => undefined)
    await new Promise((resolve, reject) => opened.once('connect', resolve).once('error', reject))
    return opened
  }
  return {
    /** @returns the status, after the whole response has arrived */
    async ask(bytes: Buffer): Promise<string> {
      const asked = socket ?? (await open())
      const answer = await answerTo(asked, bytes)
      socket = answer.isOpen ? asked : undefined
      if (!answer.isOpen) asked.destroy()
      return answer.status
    },
    close: () => socket?.destroy()
  }
}

const PATIENCE_MS = 15_000

const answerTo = (socket: Socket, bytes: Buffer) =>
  new Promise<{ status: string; isOpen: boolean }>((resolve, reject) => {
    const chunks: Buffer[] = []
    const isHead = bytes.subarray(0, 5).toString() === 'HEAD '
    const timer = setTimeout(() => done(false), PATIENCE_MS)
    const done = (isOpen: boolean) => {
      clearTimeout(timer)
      socket.off('data', take).off('close', closed)
      const [, status] = /^HTTP\/1\.1 (\d{3})/.exec(Buffer.concat(chunks).toString('latin1', 0, 20)) ?? []
      if (status === undefined) reject(new Failure(`no answer to ${bytes.toString('latin1', 0, 80)}`))
      else resolve({ status, isOpen })
    }
    const closed = () => done(false)
    const take = (chunk: Buffer) => {
      chunks.push(chunk)
      const all = Buffer.concat(chunks)
      const end = all.indexOf('\r\n\r\n')
      if (end < 0) return
      const head = all.toString('latin1', 0, end)
      const length = isHead ? 0 : Number(/^content-length: (\d+)$/im.exec(head)?.[1] ?? 0)
      // Why these statuses, too: fastify closes the connection after an unreadable request without announcing it.
      if (all.length >= end + 4 + length)
        done(!/^connection: close$/im.test(head) && !/^HTTP\S+ 4(?:00|13|31)/.test(head))
    }
    socket.on('data', take).on('close', closed)
    socket.write(bytes)
  })
