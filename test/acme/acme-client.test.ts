import t from 'tap'
import { type AcmeClientOptions, createAcmeClient } from '../../src/acme/acme-client.ts'
import { createFakeAuthority, directoryUrl, problemReply } from '../support/acme/fake-authority.ts'
import { ecKey } from '../support/certificates.ts'
import { failure } from '../support/failure.ts'

function open(options: Partial<AcmeClientOptions> = {}) {
  const fake = createFakeAuthority(async () => undefined)
  const client = createAcmeClient({
    directory: directoryUrl,
    key: ecKey(),
    email: undefined,
    externalAccount: undefined,
    exchange: fake.exchange,
    clock: () => 0,
    ...options
  })
  return { fake, client, paths: () => fake.requests.map(({ method, path }) => `${method} ${path}`) }
}

const order = 'https://ca.example/orders'
const identifiers = { identifiers: [{ type: 'dns', value: 'a.example' }] }

t.test(
  'acme client: reads the directory once, takes one nonce, and creates the account before the first order',
  async t => {
    const { client, paths } = open()
    t.equal(await client.resource('newOrder'), order)
    const { location } = await client.send(order, identifiers)
    t.equal(location, 'https://ca.example/order/0')
    t.same(paths(), ['GET /dir', 'HEAD /nonce', 'POST /account', 'POST /orders'])
  }
)

t.test('acme client: the account has the mail address and the external account', async t => {
  const { client, fake } = open({ email: 'admin@example.com', externalAccount: { id: 'kid', hmacKey: 'a2V5' } })
  await client.send(order, identifiers)
  const account = fake.requests.find(({ path }) => path === '/account')?.payload
  t.equal(account?.termsOfServiceAgreed, true)
  t.same(account?.contact, ['mailto:admin@example.com'])
  t.type(account?.externalAccountBinding, 'object')
})

t.test('acme client: a refused nonce is replaced by that of the answer, at most 20 times', async t => {
  const { client, fake } = open()
  let refusals = 3
  fake.intercept = ({ path }) => (path === '/orders' && refusals-- > 0 ? problemReply('badNonce', 'old') : undefined)
  await client.send(order, identifiers)
  t.equal(fake.requests.filter(({ path }) => path === '/orders').length, 4)
  t.equal(fake.requests.filter(({ path }) => path === '/nonce').length, 1)
  refusals = 1000
  t.match(await failure(client.send(order, identifiers)), { type: 'badNonce' })
  t.equal(fake.requests.filter(({ path }) => path === '/orders').length, 4 + 21)
})

t.test('acme client: other problems are thrown at once, with the time to wait', async t => {
  const { client, fake } = open()
  fake.intercept = ({ path }) =>
    path === '/orders' ? problemReply('rateLimited', 'too many', { 'retry-after': '60' }) : undefined
  t.match(await failure(client.send(order, identifiers)), { type: 'rateLimited', retryAfterMs: 60_000 })
  t.equal(fake.requests.filter(({ path }) => path === '/orders').length, 1)
})

t.test('acme client: a network fault is thrown', async t => {
  const { client, fake } = open()
  fake.intercept = () => {
    throw Object.assign(new Error('x'), { code: 'ECONNREFUSED' })
  }
  t.match(await failure(client.send(order, identifiers)), { kind: 'refused' })
})

t.test('acme client: what is no directory, or has no nonces, is a problem', async t => {
  const { client, fake } = open()
  fake.intercept = ({ path }) => (path === '/dir' ? { status: 503 } : undefined)
  t.match(await failure(client.resource('newOrder')), { type: 'http', message: /answered 503/ })
  fake.intercept = ({ path }) => (path === '/dir' ? { json: { newNonce: 1 } } : undefined)
  t.match(await failure(client.resource('newOrder')), { message: /http\.tls\.acme\.directory is not ACME/ })
  t.equal(await client.optional('renewalInfo'), undefined)
  const other = open()
  other.fake.intercept = ({ path }) =>
    path === '/nonce' ? { headers: { 'replay-nonce': undefined as unknown as string } } : undefined
  t.match(await failure(other.client.send(order, identifiers)), { type: 'http' })
})

t.test('acme client: answers of simultaneous requests bring the nonces of later ones, up to a limit', async t => {
  const { client, fake } = open()
  await Promise.all(Array.from({ length: 30 }, () => client.send(order, identifiers)))
  const before = fake.requests.filter(({ path }) => path === '/nonce').length
  await Promise.all(Array.from({ length: 25 }, () => client.send(order, identifiers)))
  t.equal(fake.requests.filter(({ path }) => path === '/nonce').length, before + 5)
})

t.test('acme client: an answer without a nonce is one, and the next nonce is asked for', async t => {
  const { client, fake } = open()
  const none = { 'replay-nonce': undefined as unknown as string }
  fake.intercept = ({ path }) => (path === '/orders' ? { headers: none } : undefined)
  await client.send(order, identifiers)
  await client.send(order, identifiers)
  t.equal(fake.requests.filter(({ path }) => path === '/nonce').length, 2)
})
