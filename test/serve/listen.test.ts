import { once } from 'node:events'
import { createServer, Server } from 'node:net'
import { fastify } from 'fastify'
import t, { type Test } from 'tap'
import { listen } from '../../src/serve/listen.ts'

const kinds = {
  'an http server': () => fastify(),
  'a server in front of TLS': () => createServer(socket => socket.end())
}

/** Makes every attempt to listen on an address with `::` fail, as on a machine without IPv6. */
function withoutV6(t: Test, code: string): void {
  const { listen } = Server.prototype
  t.intercept(Server.prototype, 'listen', {
    value(this: Server, place: { readonly host: string; readonly port: number }) {
      if (place.host !== '::') return listen.call(this, place)
      process.nextTick(() => this.emit('error', Object.assign(new Error(`listen ${code}`), { code })))
      return this
    }
  })
}

for (const [kind, create] of Object.entries(kinds)) {
  async function open(t: Test, host: string, port = 0) {
    const server = create()
    t.teardown(() => ('server' in server ? server.close() : new Promise(closed => server.close(closed))))
    return await listen(server, { host, port })
  }

  t.test(`listen: ${kind} accepts IPv6 and IPv4 at ::`, async t => {
    const [{ address, port } = { address: '', port: 0 }] = await open(t, '::')
    t.equal(address, '::')
    for (const host of ['127.0.0.1', '::1']) {
      const other = createServer()
      t.teardown(() => other.close())
      await t.rejects(once(other.listen({ host, port }), 'listening'), { code: 'EADDRINUSE' }, host)
    }
  })

  for (const code of ['EAFNOSUPPORT', 'EADDRNOTAVAIL']) {
    t.test(`listen: ${kind} falls back to IPv4 if IPv6 is unavailable (${code})`, async t => {
      withoutV6(t, code)
      const [place] = await open(t, '::')
      t.equal(place?.address, '0.0.0.0')
    })
  }

  t.test(`listen: ${kind} does not fall back from an address that this machine does not have`, async t => {
    const message = 'cannot listen on [2001:db8::1]:4711: this machine does not have the address'
    await t.rejects(open(t, '2001:db8::1', 4711), { code: 'AC_CANNOT_LISTEN', message })
  })

  t.test(`listen: ${kind} does not fall back if the port is in use`, async t => {
    const [{ port } = { port: 0 }] = await open(t, '::')
    const message = `cannot listen on [::]:${port}: the port is in use`
    await t.rejects(open(t, '::', port), { code: 'AC_CANNOT_LISTEN', message })
  })

  t.test(`listen: ${kind} reports which address failed after the fallback`, async t => {
    const [{ port } = { port: 0 }] = await open(t, '0.0.0.0')
    withoutV6(t, 'EAFNOSUPPORT')
    const message = `cannot listen on 0.0.0.0:${port}: the port is in use`
    await t.rejects(open(t, '::', port), { code: 'AC_CANNOT_LISTEN', message })
  })

  t.test(`listen: ${kind} reports any other reason with the system's message`, async t => {
    withoutV6(t, 'EWHATEVER')
    await t.rejects(open(t, '::', 4711), {
      code: 'AC_CANNOT_LISTEN',
      message: 'cannot listen on [::]:4711: listen EWHATEVER'
    })
  })
}
