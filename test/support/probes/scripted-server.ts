/**
 * A server on the loopback that speaks by a script, in clear or in TLS, well or badly.
 */
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { createSecureContext, type SecureContextOptions, TLSSocket } from 'node:tls'
import type { Issued } from '../certificates.ts'

export interface Script {
  /** What the server says first; default: nothing. */
  readonly greeting?: string | Buffer
  /** Also after STARTTLS. */
  readonly greetsAgain?: boolean
  /** TLS from the first byte. */
  readonly implicitTls?: boolean
  /** The server's own first, then those above it. */
  readonly certificates?: readonly Pick<Issued, 'pem' | 'keyPem'>[]
  readonly tls?: SecureContextOptions
  /** What the server says to a line. */
  readonly answer?: (line: string, isSecured: boolean) => Answer
  /** Whether a new connection is served. Default: always. Otherwise it is closed at once. */
  readonly accepts?: () => boolean
  /** Default: any port of the loopback. */
  readonly listen?: { readonly host: string; readonly port: number }
}

/** A text, or a text and what happens next; undefined for silence. */
export type Answer = string | readonly [text: string, next: 'tls' | 'close' | 'reset'] | undefined

export interface ScriptedServer {
  readonly port: number
  /** Every line that came, with `tls ` before it where it was secret. */
  readonly heard: readonly string[]
  readonly close: () => void
}

export async function startScriptedServer(script: Script): Promise<ScriptedServer> {
  const heard: string[] = []
  const sockets: Socket[] = []
  const server = createServer(socket => {
    if (script.accepts?.() === false) {
      socket.destroy()
      return
    }
    sockets.push(socket)
    const connection = script.implicitTls === true ? toSecured(socket, script) : socket
    if (script.greeting !== undefined) connection.write(script.greeting)
    serve(connection, { script, heard, socket })
  })
  server.listen(script.listen ?? { port: 0, host: '127.0.0.1' })
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    heard,
    close() {
      for (const socket of sockets) socket.destroy()
      server.close()
    }
  }
}

interface Serving {
  readonly script: Script
  readonly heard: string[]
  /** Below TLS, if there is TLS. */
  readonly socket: Socket
}

function serve(connection: Socket, { script, heard, socket }: Serving): void {
  const isSecured = connection !== socket
  let rest = ''
  // Why: who tests a server goes away in the middle, too.
  connection.on('error', () => {})
  connection.on('data', onData)

  function onData(bytes: Buffer): void {
    const lines = `${rest}${bytes}`.split('\r\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      heard.push(isSecured ? `tls ${line}` : line)
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
    serve(secured, { script, heard, socket })
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
