import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import t from 'tap'
import { connectionsThatFit, descriptorLimit, warnOfFewDescriptors } from '../../src/serve/descriptors.ts'
import { startProgram } from '../support/cli/program.ts'
import { exampleSettings } from '../support/served-app.ts'

t.test('descriptors: the limit is read from Linux, and unknown on other systems', async t => {
  const line = 'Max open files            1024                 524288               files     \n'
  const folder = t.testdir({
    limits: `Limit                     Soft Limit           Hard Limit           Units     \n${line}`,
    unlimited: line.replace('1024     ', 'unlimited').replace('524288   ', 'unlimited'),
    other: 'something else\n'
  })
  t.equal(descriptorLimit(join(folder, 'limits')), 1024)
  for (const name of ['unlimited', 'other', 'missing']) t.equal(descriptorLimit(join(folder, name)), undefined, name)
})

t.test('descriptors: connections leave room for all other descriptors', async t => {
  for (const [limit, most] of [
    [64, 16],
    [600, 150],
    [1024, 512],
    [65_536, 65_024],
    [undefined, Number.POSITIVE_INFINITY]
  ] as const) {
    t.equal(connectionsThatFit(limit), most)
  }
})

t.test('descriptors: the log says which limit to raise if it is too low for limits.connections', async t => {
  const warnings: [object, string | undefined][] = []
  const logger = { warn: (fields: object, message?: string) => void warnings.push([fields, message]) }
  warnOfFewDescriptors({ connections: 512 }, logger, { workers: 1, limit: 1024 })
  warnOfFewDescriptors({ connections: 1024 }, logger, { workers: 2, limit: 1024 })
  warnOfFewDescriptors({}, logger, { workers: 1, limit: 100_000 })
  t.same(warnings, [])
  warnOfFewDescriptors({}, logger, { workers: 1, limit: 1024 })
  warnOfFewDescriptors({}, logger, { workers: 2, limit: 1024 })
  t.same(
    warnings.map(([fields]) => fields),
    [
      { descriptors: 1024, connections: 512, wanted: 5000 },
      { descriptors: 1024, connections: 512, wanted: 2500 }
    ]
  )
  t.match(warnings[0]?.[1], /raise that limit to 5512 .*LimitNOFILE=/)
  t.match(warnings[1]?.[1], /in each worker.*raise that limit to 3012/)
})

t.test(
  'descriptors: if there are very few, many connections neither end the service nor block it for long',
  async t => {
    const file = join(
      t.testdir({
        'a.yaml': `admin: {}\nlimits: { headersSeconds: 1, overload: { delayMilliseconds: 0 } }\n${exampleSettings}`
      }),
      'a.yaml'
    )
    const args = ['serve', '--config', file, '--listen', '127.0.0.1:0', '--listen-admin', '127.0.0.1:0']
    const program = startProgram(t, args, { descriptors: 64 })
    const greeting = await program.says(/^Signpost listens on[\s\S]*\/metrics\n/m)
    const [plain, admin] = [/http:\S+:\d+/, /http:\S+(?=\/metrics)/].map(
      pattern => new URL(pattern.exec(greeting)?.[0] ?? '')
    )
    await program.says(/only 16 connections are accepted/)
    const ask = async (url: URL | undefined, path: string) => (await fetch(new URL(path, url))).status

    const held: Socket[] = []
    for (const { port = 0 } of [plain, admin].flatMap(url => Array.from({ length: 100 }, () => url ?? { port: 0 }))) {
      const socket = connect(Number(port), '127.0.0.1').on('error', () => undefined)
      t.teardown(() => socket.destroy())
      held.push(socket)
    }
    // Why: memory, certificates and the settings are checked once a second.
    await Promise.all(held.map(socket => socket.closed || once(socket.resume(), 'close')))
    t.equal(await ask(plain, '/mail/config-v1.1.xml?emailaddress=jane@example.com'), 200)
    t.equal(await ask(plain, '/setup?email=jane@example.com'), 200)
    t.equal(await ask(admin, '/metrics'), 200)
    program.kill('SIGTERM')
    t.equal((await program.ended).code, 0)
  }
)

t.test('descriptors: a refused connection is closed, not left waiting', async t => {
  const file = join(
    t.testdir({ 'a.yaml': `limits: { connections: 1, overload: { delayMilliseconds: 0 } }\n${exampleSettings}` }),
    'a.yaml'
  )
  const program = startProgram(t, ['serve', '--config', file, '--listen', '127.0.0.1:0'])
  const port = Number(/:(\d+)/.exec(await program.says(/^Signpost listens on http:\S+:\d+/m))?.[1])
  const first = connect(port, '127.0.0.1')
  t.teardown(() => first.destroy())
  await once(first, 'connect')
  t.equal(await text(connect(port, '127.0.0.1')), '')
})
