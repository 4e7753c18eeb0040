import t from 'tap'
import type { Call } from '../../../src/cli/command.ts'
import { serve } from '../../../src/cli/commands/serve.ts'
import { placesOf } from '../../../src/cli/options/listen-options.ts'
import type { ListenAddresses } from '../../../src/serve/listen.ts'
import { runCommand } from '../../support/cli/terminal.ts'
import { exampleSettings } from '../../support/served-app.ts'
import { tableOf } from '../../support/table-of.ts'

const tls = 'tls: { certificates: [{ certificate: a.pem, key: a.key }]'

/** @returns the addresses on which `serve` would listen */
async function places(argv: readonly string[], http: string, more = '', env: Record<string, string> = {}) {
  const { settings } = tableOf(exampleSettings.replace(/http:.*/, `http: ${http}\n${more}`))
  let found: ListenAddresses | undefined
  const run = (call: Call) => {
    found = placesOf(call, settings)
    return 0
  }
  await runCommand({ ...serve, run }, argv, env)
  return found
}

t.test('listen options: by default, only http, on every address', async t => {
  t.same(await places([], '{}'), { http: { host: '::', port: 8080 }, tls: undefined, admin: undefined })
})

t.test(
  'listen options: https listens on the host of http by default, and the admin listener on the loopback address',
  async t => {
    t.same(await places([], `{ host: "::", port: 80, ${tls} } }`, 'admin: {}'), {
      http: { host: '::', port: 80 },
      tls: { host: '::', port: 8443 },
      admin: { host: '127.0.0.1', port: 9090 }
    })
    t.same(await places([], `{ ${tls}, host: 192.0.2.1, port: 443 } }`, 'admin: { host: 192.0.2.2, port: 9100 }'), {
      http: { host: '::', port: 8080 },
      tls: { host: '192.0.2.1', port: 443 },
      admin: { host: '192.0.2.2', port: 9100 }
    })
  }
)

t.test('listen options: options override variables, and both override the table', async t => {
  const env = { SIGNPOST_LISTEN: ':1', SIGNPOST_LISTEN_TLS: '[::1]:2', SIGNPOST_LISTEN_ADMIN: 'localhost:3' }
  const http = `{ host: 192.0.2.1, port: 80, ${tls} } }`
  t.same(await places([], http, 'admin: {}', env), {
    http: { host: '::', port: 1 },
    tls: { host: '::1', port: 2 },
    admin: { host: 'localhost', port: 3 }
  })
  const options = ['--listen', ':4', '--listen-tls', ':5', '--listen-admin', ':6']
  t.same(await places(options, http, '', env), {
    http: { host: '::', port: 4 },
    tls: { host: '::', port: 5 },
    admin: { host: '::', port: 6 }
  })
})

t.test('listen options: the admin listener needs no entry in the table, https does', async t => {
  t.same((await places(['--listen-admin', '127.0.0.1:0'], '{}'))?.admin, { host: '127.0.0.1', port: 0 })
  for (const [argv, env] of [
    [['--listen-tls', ':443'], {}],
    [[], { SIGNPOST_LISTEN_TLS: ':443' }]
  ] as const) {
    await t.rejects(places(argv, '{}', '', env), { code: 'AC_USAGE', message: 'no http.tls with certificates' })
  }
})

t.test('listen options: an invalid address is reported with the name of its option or variable', async t => {
  for (const [argv, env, name] of [
    [['--listen-tls=x'], {}, '--listen-tls'],
    [['--listen-admin=x'], {}, '--listen-admin'],
    [[], { SIGNPOST_LISTEN_TLS: 'x' }, 'SIGNPOST_LISTEN_TLS'],
    [[], { SIGNPOST_LISTEN_ADMIN: 'x' }, 'SIGNPOST_LISTEN_ADMIN']
  ] as const) {
    await t.rejects(places(argv, `{ ${tls} } }`, '', env), {
      code: 'AC_USAGE',
      message: `${name}: found "x", expected`
    })
  }
})
