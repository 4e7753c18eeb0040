import { createPrivateKey, X509Certificate } from 'node:crypto'
import t from 'tap'
import {
  type Challenge,
  type ChallengeType,
  isToken,
  type OrderOptions,
  obtainCertificate,
  type SavedOrder
} from '../../src/acme/order.ts'
import { createFakeAuthority, openAcmeClient, problemReply } from '../support/acme/fake-authority.ts'
import { failure } from '../support/failure.ts'

const names = ['autoconfig.a.example', 'autodiscover.a.example']

async function open(changes: Partial<OrderOptions> = {}) {
  const answers = new Map<string, string>()
  const fake = createFakeAuthority(async url => answers.get(url))
  const client = await openAcmeClient(fake)
  const saved: SavedOrder[] = []
  const pauses: number[] = []
  const options: OrderOptions = {
    client,
    saved: undefined,
    replaces: undefined,
    solversOf: () => [
      {
        type: 'http-01',
        async present({ name, token, keyAuthorization }) {
          const url = `http://${name}/.well-known/acme-challenge/${token}`
          answers.set(url, keyAuthorization)
          return async () => void answers.delete(url)
        }
      }
    ],
    save: async order => void saved.push(order),
    pause: async milliseconds => void pauses.push(milliseconds),
    ...changes
  }
  const countOf = (path: string) => fake.requests.filter(each => each.path === path).length
  return { fake, options, saved, pauses, answers, countOf }
}

t.test('order: obtains a certificate for all names, with a key that was saved before anything else', async t => {
  const { options, saved, answers } = await open()
  const { chain, key } = await obtainCertificate(names, options)
  const certificate = new X509Certificate(chain)
  t.equal(certificate.subjectAltName, names.map(name => `DNS:${name}`).join(', '))
  t.ok(certificate.checkPrivateKey(createPrivateKey(key)))
  t.same(saved, [{ url: 'https://ca.example/order/0', names, key }])
  t.equal(answers.size, 0, 'challenges are not answered any longer')
})

t.test('order: a saved order is continued at any step, with its key', async t => {
  for (const step of ['/orders', '/challenge/0/autoconfig.a.example/http-01', '/finalize/0', '/certificate/0']) {
    const { fake, options, saved, countOf } = await open()
    let isBroken = true
    fake.intercept = ({ path }) => {
      if (isBroken && path === step && path !== '/orders') throw Object.assign(new Error('x'), { code: 'ECONNRESET' })
      return undefined
    }
    await obtainCertificate(names, options).catch(() => undefined)
    isBroken = false
    const { key } = await obtainCertificate([...names].reverse(), { ...options, saved: saved[0] })
    t.equal(key, saved[0]?.key, step)
    t.equal(countOf('/orders'), 1, step)
  }
})

t.test('order: a saved order for other names, or that the authority has ended or forgotten, is replaced', async t => {
  const { fake, options, countOf } = await open()
  const saved = { url: 'https://ca.example/order/7', names, key: 'x' }
  await obtainCertificate(names, { ...options, saved })
  t.equal(countOf('/orders'), 1)
  await obtainCertificate(['autoconfig.b.example'], { ...options, saved })
  t.equal(countOf('/orders'), 2)
  const [order] = fake.orders
  if (order) order.status = 'invalid'
  await obtainCertificate(names, { ...options, saved: { ...saved, url: 'https://ca.example/order/0' } })
  t.equal(countOf('/orders'), 3)
  fake.intercept = ({ path }) => (path === '/order/7' ? problemReply('serverInternal', 'later') : undefined)
  t.match(await failure(obtainCertificate(names, { ...options, saved })), { type: 'serverInternal' })
})

t.test('order: a failed challenge is a problem with the reason, and is not answered any longer', async t => {
  const { options, answers } = await open({
    solversOf: () => [{ type: 'http-01', present: async () => async () => undefined }]
  })
  t.match(await failure(obtainCertificate(names, options)), {
    type: 'unauthorized',
    message: 'wrong answer (unauthorized)'
  })
  t.equal(answers.size, 0)
})

t.test(
  'order: an authority that offers no challenge, or a token that could name another file, is a problem',
  async t => {
    for (const [challenges, offered] of [
      [[{ type: 'http-01', token: '../../x'.repeat(4) }], 'http-01'],
      [[], 'none']
    ] as const) {
      const { fake, options } = await open()
      const json = { status: 'pending', identifier: { value: 'x' }, challenges }
      fake.intercept = ({ path }) => (path.startsWith('/authorization') ? { json } : undefined)
      t.match(await failure(obtainCertificate(names, options)), {
        message: `the certificate authority offers no valid http-01 challenge for x: it offers ${offered}`
      })
    }
  }
)

t.test('order: a name is proved by the first challenge that works for it and that the authority offers', async t => {
  const { fake, options } = await open()
  const presented: string[] = []
  const solverOf = (type: ChallengeType) => ({
    type,
    async present({ name }: Challenge) {
      presented.push(`${type} ${name}`)
      return async () => undefined
    }
  })
  const [http, tls] = [solverOf('http-01'), solverOf('tls-alpn-01')]
  const solversOf = (name: string) => (name === names[0] ? [http, tls] : [tls])
  fake.intercept = ({ path }) => {
    if (!path.startsWith('/challenge')) return undefined
    for (const order of fake.orders) for (const each of names) order.valid.add(each)
    return { json: {} }
  }
  await obtainCertificate(names, { ...options, solversOf })
  t.same(presented, [`http-01 ${names[0]}`, `tls-alpn-01 ${names[1]}`])
  fake.offered = ['dns-01', 'tls-alpn-01']
  presented.length = 0
  await obtainCertificate(names, { ...options, solversOf })
  t.same(
    presented,
    names.map(name => `tls-alpn-01 ${name}`)
  )
  fake.offered = ['dns-01', 'http-01\u001b[2J'.padEnd(999, 'x')]
  const { message } = await failure(obtainCertificate(names, { ...options, solversOf }))
  t.match(message, `no valid http-01 or tls-alpn-01 challenge for ${names[0]}: it offers dns-01, http-01`)
  t.notMatch(message, '\u001b')
  t.ok(message.length < 400, 'what the authority sends is shortened')
})

t.test('order: an authorization that is valid already needs no challenge', async t => {
  const { fake, options, countOf } = await open()
  fake.intercept = () => {
    for (const order of fake.orders) for (const name of order.names) order.valid.add(name)
    return undefined
  }
  await obtainCertificate(names, options)
  t.equal(countOf('/challenge/0/autoconfig.a.example/http-01'), 0)
})

t.test('order: an authorization that ends in another way is a problem', async t => {
  for (const json of [
    { status: 'deactivated', identifier: { value: 'x' }, challenges: [] },
    { status: 'expired', identifier: { value: 'x' }, challenges: [{ type: 'http-01', token: 'x' }] }
  ]) {
    const { fake, options } = await open()
    let reads = 0
    fake.intercept = ({ path }) =>
      path === '/authorization/0/autoconfig.a.example' && reads++ > 0 ? { json } : undefined
    t.match(await failure(obtainCertificate(names, options)), { type: 'http', message: 'no reason given' })
  }
})

t.test('order: an authority that never completes is given up, after pauses that it may choose', async t => {
  const { fake, options, pauses } = await open()
  const headers = { 'retry-after': '3', location: 'https://ca.example/order/0' }
  fake.intercept = ({ path }) =>
    path.startsWith('/order')
      ? { status: path === '/orders' ? 201 : 200, json: { status: 'processing' }, headers }
      : undefined
  t.match(await failure(obtainCertificate(names, options)), { message: /does not complete the order/ })
  t.same([...new Set(pauses)], [3000])
  t.equal(pauses.length, 30)
  const slow = await open()
  slow.fake.intercept = ({ path, payload }) =>
    path.startsWith('/challenge') && payload !== undefined ? { json: {} } : undefined
  t.match(await failure(obtainCertificate(names, slow.options)), { message: /does not check the challenge/ })
  t.same(slow.pauses.slice(0, 1), [250])
  t.equal(Math.max(...slow.pauses), 5000)
})

t.test('order: one that the authority ends is a problem with its reason', async t => {
  const { fake, options } = await open()
  fake.intercept = ({ path }) =>
    path === '/order/0' ? { json: { status: 'invalid', error: { type: 'caa', detail: 'forbidden' } } } : undefined
  t.match(await failure(obtainCertificate(names, options)), { type: 'caa', message: 'forbidden (caa)' })
})

t.test('order: names the certificate that it replaces, and does without if the authority refuses that', async t => {
  const { fake, options } = await open({ replaces: 'a.b' })
  await obtainCertificate(names, options)
  t.match(fake.requests.find(({ path }) => path === '/orders')?.payload, { replaces: 'a.b' })
  const refusing = await open({ replaces: 'a.b' })
  refusing.fake.intercept = ({ payload }) =>
    payload?.replaces === undefined ? undefined : problemReply('alreadyReplaced', 'no')
  await obtainCertificate(names, refusing.options)
  t.equal(refusing.countOf('/orders'), 2)
  refusing.fake.intercept = ({ payload }) =>
    payload?.replaces === undefined ? undefined : problemReply('rateLimited', 'no')
  t.match(await failure(obtainCertificate(names, refusing.options)), { type: 'rateLimited' })
})

t.test('order: a token is base64url of a limited length', async t => {
  t.equal(isToken('DGyRejmCefe7v4NfDGDKfA'), true)
  for (const text of [
    '',
    'short',
    '../../../../etc/passwd',
    'a'.repeat(129),
    'with space in the token',
    'ä'.repeat(20)
  ]) {
    t.equal(isToken(text), false, text)
  }
})
