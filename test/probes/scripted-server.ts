/**
 * A server on the loopback that speaks by a script, in clear or in TLS, well or badly.
 */
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { createSecureContext, type SecureContextOptions, TLSSocket } from 'node:tls'
import type { Test } from 'tap'
import type { Issued } from '../certificates.ts'

export interface Script {
  /** What the server says first; default: nothing. */
  readonly greeting?: string | Buffer
  /** TLS from the first byte; default: false. */
  readonly implicitTls?: boolean
  /** The server's certificate first, then those above it. */
  readonly certificates?: readonly Issued[]
  readonly tls?: SecureContextOptions
  /** What the server says to a line. Default: nothing. */
  readonly answer?: (line: string, isSecured: boolean) => Answer
}

/** A text; or a text and what happens next. */
export type Answer = string | readonly [text: string, next: 'tls' | 'close'] | undefined

export interface ScriptedServer {
  readonly port: number
  /** Every line that came, with `tls ` before it where it was secret. */
  readonly heard: readonly string[]
}

export async function startScriptedServer(t: Test, script: Script): Promise<ScriptedServer> {
  const heard: string[] = []
  const sockets: Socket[] = []
  const server = createServer(socket => {
    sockets.push(socket)
    socket.on('error', () => {})
    if (script.implicitTls === true) serve(toSecured(socket, script), true)
    else serve(socket, false)
  })

  function serve(connection: Socket, isSecured: boolean): void {
    connection.on('error', () => {})
    if (script.greeting !== undefined && !isUpgraded(connection)) connection.write(script.greeting)
    let rest = ''
    connection.on('data', function onData(bytes: Buffer) {
      const lines = `${rest}${bytes}`.split('\r\n')
      rest = lines.pop() ?? ''
      for (const line of lines) {
        heard.push(isSecured ? `tls ${line}` : line)
        const answer = script.answer?.(line, isSecured)
        if (answer === undefined) continue
        if (typeof answer === 'string') {
          connection.write(answer)
          continue
        }
        const [text, next] = answer
        if (next === 'close') {
          connection.end(text)
          continue
        }
        connection.off('data', onData)
        connection.write(text)
        const secured = toSecured(connection, script)
        upgraded.add(secured)
        serve(secured, true)
      }
    })
  }

  const upgraded = new WeakSet<Socket>()
  const isUpgraded = (connection: Socket) => upgraded.has(connection)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return { port: (server.address() as AddressInfo).port, heard }
}

function toSecured(socket: Socket, { certificates = [], tls = {} }: Script): TLSSocket {
  const [own] = certificates
  return new TLSSocket(socket, {
    isServer: true,
    secureContext: createSecureContext({
      ...(own !== undefined && { key: own.keyPem, cert: certificates.map(({ pem }) => pem).join('') }),
      ...tls
    })
  })
}
