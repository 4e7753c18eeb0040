import { axios, type Order } from 'acme-client'
import t from 'tap'
import type { AcmeClientOptions } from '../../src/acme/acme-client.ts'
import {
  createFakeAuthority,
  directoryUrl,
  type FakeReply,
  openAcmeClient,
  problemReply
} from '../support/acme/fake-authority.ts'
import { ecKey, pemOf } from '../support/certificates.ts'
import { failure } from '../support/failure.ts'

async function open(options: Partial<AcmeClientOptions> = {}) {
  const fake = createFakeAuthority(async () => undefined)
  const client = await openAcmeClient(fake, options)
  const countOf = (path: string) => fake.requests.filter(each => each.path === path).length
  /** Answers the requests for a path in this way. */
  function answer(path: string, reply: FakeReply): void {
    fake.intercept = request => (request.path === path ? reply : undefined)
  }
  return { fake, client, countOf, answer }
}

const names = ['a.example']

t.test('acme client: the account is created once, before the first order', async t => {
  const { client, fake, countOf } = await open()
  const { value } = await client.createOrder(names)
  t.equal(value.url, 'https://ca.example/order/0')
  await client.createOrder(names)
  const posts = fake.requests.filter(({ method }) => method === 'POST').map(({ path }) => path)
  t.same(posts, ['/account', '/account', '/orders', '/orders'])
  t.equal(countOf('/dir'), 1)
})

t.test('acme client: an account that exists is used, and not changed', async t => {
  const accountKey = pemOf(ecKey())
  const { fake } = await open({ accountKey })
  for (const email of [undefined, 'admin@example.com']) {
    const { client } = await open({ accountKey, email, exchange: fake.exchange })
    await client.createOrder(names)
  }
  t.equal(fake.requests.filter(({ payload }) => payload?.termsOfServiceAgreed === true).length, 1)
})

t.test('acme client: an account that the authority has deactivated is a problem', async t => {
  const { client, answer, countOf } = await open()
  answer('/account', problemReply('unauthorized', 'deactivated'))
  t.match(await failure(client.createOrder(names)), {
    type: 'account',
    message: 'the certificate authority opens no account: deactivated (unauthorized)'
  })
  t.equal(countOf('/account'), 1)
})

t.test('acme client: a new account that is refused is told from an authority that is down', async t => {
  for (const [type, expected] of [
    ['externalAccountRequired', 'account'],
    ['invalidContact', 'account'],
    ['unsupportedContact', 'account'],
    ['malformed', 'account'],
    ['rateLimited', 'rateLimited'],
    ['serverInternal', 'serverInternal']
  ] as const) {
    const { client, fake } = await open()
    fake.intercept = ({ path, payload }) =>
      path === '/account' && payload?.termsOfServiceAgreed === true ? problemReply(type, 'no') : undefined
    t.match(await failure(client.createOrder(names)), { type: expected }, type)
  }
})

t.test('acme client: the account has the mail address and the external account', async t => {
  const { client, fake } = await open({ email: 'admin@example.com', externalAccount: { id: 'kid', hmacKey: 'a2V5' } })
  await client.createOrder(names)
  const account = fake.requests.findLast(({ path }) => path === '/account')?.payload
  t.equal(account?.termsOfServiceAgreed, true)
  t.same(account?.contact, ['mailto:admin@example.com'])
  t.type(account?.externalAccountBinding, 'object')
})

t.test('acme client: a request whose nonce is refused is repeated, up to 18 times', async t => {
  const { client, fake, countOf } = await open()
  let refusals = 13
  fake.intercept = ({ path }) => (path === '/orders' && refusals-- > 0 ? problemReply('badNonce', 'old') : undefined)
  await client.createOrder(names)
  t.equal(countOf('/orders'), 14)
  refusals = 1000
  t.match(await failure(client.createOrder(names)), { type: 'badNonce', message: 'old (badNonce)' })
  t.equal(countOf('/orders'), 14 + 18)
})

t.test('acme client: other problems are thrown at once, with the time to wait', async t => {
  for (const status of [400, 429, 503]) {
    const { client, countOf, answer } = await open()
    answer('/orders', { ...problemReply('rateLimited', 'too many', { 'retry-after': '60' }), status })
    t.match(await failure(client.createOrder(names)), { type: 'rateLimited', retryAfterMs: 60_000 })
    t.equal(countOf('/orders'), 1)
  }
})

t.test('acme client: simultaneous calls know their own answers', async t => {
  const [one, other] = [await open(), await open()]
  one.answer('/orders', problemReply('rateLimited', 'too many', { 'retry-after': '60' }))
  const [problem, order] = await Promise.all([failure(one.client.createOrder(names)), other.client.createOrder(names)])
  t.match(problem, { type: 'rateLimited', retryAfterMs: 60_000 })
  t.equal(order.retryAfterMs, undefined)
  t.equal(order.value.url, 'https://ca.example/order/0')
})

t.test('acme client: says when the authority wants to be asked again', async t => {
  const { client, answer } = await open()
  answer('/order/7', { json: { status: 'processing' }, headers: { 'retry-after': '3' } })
  t.match(await client.readOrder('https://ca.example/order/7'), { value: { status: 'processing' }, retryAfterMs: 3000 })
})

t.test('acme client: the library sends nothing but the requests of a call', async t => {
  await open()
  t.match(await failure(axios.get(directoryUrl)), { message: 'a request outside a call' })
})

t.test('acme client: a network fault is thrown', async t => {
  const { client, fake } = await open()
  fake.intercept = () => {
    throw Object.assign(new Error('x'), { code: 'ECONNREFUSED' })
  }
  t.match(await failure(client.createOrder(names)), { kind: 'refused' })
  t.match(await failure(client.renewalInfo()), { kind: 'refused' })
})

t.test('acme client: what no authority would send is a problem', async t => {
  const noNonce = { headers: { 'replay-nonce': undefined as unknown as string } }
  for (const [path, reply] of [
    ['/dir', { status: 503 }],
    ['/dir', { json: { newNonce: 1 } }],
    ['/dir', { text: '<html>' }],
    ['/nonce', noNonce],
    ['/orders', { json: 'x' }],
    ['/orders', { status: 201, headers: {}, json: {} }],
    ['/orders', { status: 201, headers: { location: 'x' }, text: 'null' }]
  ] as const) {
    const { client, answer } = await open()
    answer(path, reply)
    t.match(
      await failure(client.createOrder(names)),
      { name: 'Error', type: 'http' },
      `${path} ${JSON.stringify(reply)}`
    )
  }
  const { client } = await open()
  t.match(await failure(client.download({ status: 'valid' } as Order)), { message: /something unexpected: Unable to/ })
})

t.test('acme client: an authorization has a name, and a list of challenges with tokens', async t => {
  const identifier = { type: 'dns', value: 'a.example' }
  const order = { authorizations: ['https://ca.example/authorization/0/a.example'] } as Order
  for (const json of [
    { identifier, challenges: 'none' },
    { identifier, challenges: [{}] },
    { identifier, challenges: [null] },
    { challenges: [] },
    { identifier: { value: 1 }, challenges: [] },
    null
  ]) {
    const { client, answer } = await open()
    answer('/authorization/0/a.example', { json })
    t.match(await failure(client.readAuthorizations(order)), { type: 'http' }, JSON.stringify(json))
  }
  const { client, answer } = await open()
  answer('/authorization/0/a.example', { json: { identifier, challenges: [] } })
  const { value } = await client.readAuthorizations(order)
  t.same(value, [{ identifier, challenges: [], url: 'https://ca.example/authorization/0/a.example' }])
})

t.test('acme client: an authority with https leads to no address without it', async t => {
  const { client, fake, answer } = await open()
  const local = 'http://127.0.0.1/x'
  const urls: string[] = []
  const { exchange } = fake
  const seen = await openAcmeClient({
    exchange: async request => {
      urls.push(request.url)
      return await exchange(request)
    }
  })
  await seen.createOrder(names)
  const refused = { type: 'http', message: /no https: http:\/\/127\.0\.0\.1\/x/ }
  const order = { authorizations: [local], finalize: local, certificate: local, status: 'valid' } as unknown as Order
  t.match(await failure(seen.readOrder(local)), refused)
  t.match(await failure(seen.readAuthorizations(order)), refused)
  t.match(await failure(seen.finalize(order, names, pemOf(ecKey()))), refused)
  t.match(await failure(seen.download(order)), refused)
  t.notOk(urls.some(url => url.startsWith('http:')))
  answer('/dir', { json: { renewalInfo: local } })
  t.match(await failure(client.renewalInfo()), refused)
})

t.test('acme client: an order has no more authorizations than it may have names', async t => {
  const { client, countOf } = await open()
  await client.createOrder(names)
  const authorizations = Array.from({ length: 101 }, () => 'https://ca.example/authorization/0/a.example')
  t.match(await failure(client.readAuthorizations({ authorizations } as Order)), { type: 'http' })
  t.equal(countOf('/authorization/0/a.example'), 0)
  t.match(await failure(client.readAuthorizations({} as Order)), { message: /without a list of at most 100/ })
  const { value } = await client.readAuthorizations({ authorizations: authorizations.slice(1) } as Order)
  t.equal(value.length, 100)
})

t.test('acme client: an authority need not make suggestions for renewals', async t => {
  const { client, fake } = await open()
  t.equal(await client.renewalInfo(), undefined)
  fake.renewal = {}
  t.equal(await client.renewalInfo(), 'https://ca.example/renewal/')
  fake.intercept = () => ({ status: 503 })
  t.match(await failure(client.renewalInfo()), { type: 'http', message: 'the certificate authority answered 503' })
})
