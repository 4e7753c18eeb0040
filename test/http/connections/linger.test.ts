import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import t, { type Test } from 'tap'
import { linger } from '../../../src/http/connections/linger.ts'

/** @returns both ends of a connection */
async function connected(t: Test): Promise<{ readonly server: Socket; readonly client: Socket }> {
  const listener = createServer().listen(0, '127.0.0.1')
  t.teardown(() => listener.close())
  await once(listener, 'listening')
  const place = listener.address()
  const port = typeof place === 'object' && place !== null ? place.port : 0
  const client = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  const [server] = await once(listener, 'connection')
  t.teardown(() => client.destroy())
  return { server, client }
}

t.test('linger: the client reads the answer, although it was still sending', async t => {
  const { server, client } = await connected(t)
  client.write('x'.repeat(1000))
  server.write('refused')
  linger(server)
  t.equal(await text(client), 'refused')
  client.end('the rest')
  await once(server, 'close')
  t.equal(server.bytesRead, 1008)
})

t.test('linger: a client that does not stop sending is disconnected after 256 KiB', async t => {
  const { server, client } = await connected(t)
  // Why: what the client has sent in vain is a reset.
  client.on('error', () => undefined)
  client.resume()
  const block = Buffer.alloc(16 * 1024)
  const send = () => void client.write(block, error => !error && send())
  linger(server)
  send()
  await once(server, 'close')
  t.ok(server.bytesRead > 256 * 1024, `${server.bytesRead}`)
  t.ok(server.bytesRead < 1024 * 1024, `${server.bytesRead}`)
})
