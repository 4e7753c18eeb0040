/**
 * A server on the loopback that follows a script, with or without TLS.
 */
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { createSecureContext, type SecureContextOptions, TLSSocket } from 'node:tls'
import type { Issued } from '../certificates.ts'

export interface Script {
  /** The greeting. Default: none. */
  readonly greeting?: string | Buffer
  /** Repeats the greeting after STARTTLS. */
  readonly greetsAgain?: boolean
  /** TLS from the first byte. */
  readonly implicitTls?: boolean
  /** The server's certificate, then its issuers. */
  readonly certificates?: readonly Pick<Issued, 'pem' | 'keyPem'>[]
  readonly tls?: SecureContextOptions
  /** The response to a line. */
  readonly answer?: (line: string, isSecured: boolean) => Answer
  /** Whether a new connection is served. Default: always. Other connections are closed immediately. */
  readonly accepts?: () => boolean
  /** Default: any free port on the loopback. */
  readonly listen?: { readonly host: string; readonly port: number }
}

/** A text, or a text and the next step; undefined for no response. */
export type Answer = string | readonly [text: string, next: 'tls' | 'close' | 'reset'] | undefined

export interface ScriptedServer {
  readonly port: number
  /** All lines received. Those in TLS have the prefix `tls `. */
  readonly received: readonly string[]
  readonly close: () => void
}

export async function startScriptedServer(script: Script): Promise<ScriptedServer> {
  const received: string[] = []
  const sockets: Socket[] = []
  const server = createServer(socket => {
    if (script.accepts?.() === false) {
      socket.destroy()
      return
    }
    sockets.push(socket)
    const connection = script.implicitTls === true ? toSecured(socket, script) : socket
    if (script.greeting !== undefined) connection.write(script.greeting)
    serve(connection, { script, received, socket })
  })
  server.listen(script.listen ?? { port: 0, host: '127.0.0.1' })
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    received,
    close() {
      for (const socket of sockets) socket.destroy()
      server.close()
    }
  }
}

interface Serving {
  readonly script: Script
  readonly received: string[]
  /** The TCP socket, even if TLS is in use. */
  readonly socket: Socket
}

function serve(connection: Socket, { script, received, socket }: Serving): void {
  const isSecured = connection !== socket
  let rest = ''
  // Why: a client may disconnect at any time.
  connection.on('error', () => {})
  connection.on('data', onData)

  function onData(bytes: Buffer): void {
    const lines = `${rest}${bytes}`.split('\r\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      received.push(isSecured ? `tls ${line}` : line)
      react(script.answer?.(line, isSecured))
    }
  }

  function react(answer: Answer): void {
    if (answer === undefined) return
    const [text, next] = typeof answer === 'string' ? [answer, undefined] : answer
    connection.write(text)
    if (next === 'close') connection.end()
    if (next === 'reset') socket.resetAndDestroy()
    if (next !== 'tls') return
    connection.off('data', onData)
    const secured = toSecured(connection, script)
    if (script.greetsAgain === true && script.greeting !== undefined) secured.write(script.greeting)
    serve(secured, { script, received, socket })
  }
}

function toSecured(socket: Socket, { certificates = [], tls = {} }: Script): TLSSocket {
  const [own] = certificates
  const secureContext = createSecureContext({
    ...(own !== undefined && { key: own.keyPem, cert: certificates.map(({ pem }) => pem).join('') }),
    ...tls
  })
  socket.on('error', () => {})
  return new TLSSocket(socket, { isServer: true, secureContext })
}
