/**
 * The first bytes that TLS clients send: RFC 8446 4.1.2.
 */
import { Duplex } from 'node:stream'
import { type ConnectionOptions, connect } from 'node:tls'

/** @returns the first message of the TLS client of Node.js, as one record */
export async function helloOf(options: ConnectionOptions): Promise<Buffer> {
  const { promise, resolve } = Promise.withResolvers<Buffer>()
  const socket = new Duplex({
    read: () => undefined,
    write(chunk: Buffer, _encoding, done) {
      resolve(chunk)
      done()
    }
  })
  const secured = connect({ servername: 'a.example', ...options, socket })
  const hello = await promise
  secured.destroy()
  return hello
}

/** @returns the same message in records of at most this many bytes */
export function inRecords(hello: Buffer, bytes: number): Buffer {
  const records: Buffer[] = []
  for (let at = 5; at < hello.length; at += bytes) {
    const part = hello.subarray(at, at + bytes)
    records.push(Buffer.from([22, 3, 1, part.length >> 8, part.length & 0xff]), part)
  }
  return Buffer.concat(records)
}
