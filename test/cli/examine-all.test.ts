import t, { type Test } from 'tap'
import { createPause, createSharedProbe, type ExaminationState, examineAll } from '../../src/cli/examine-all.ts'
import { clients } from '../../src/clients/index.ts'
import type { Client } from '../../src/clients/model/client.ts'
import type { ServerToProbe } from '../../src/probes/probe.ts'
import { startNameServer } from '../support/doctor/name-server.ts'

const geary = clients.filter(({ name }) => name === 'geary')
const [model] = geary
if (model === undefined) throw new Error('no model of Geary')

const networkAt = (resolver: string) => ({
  ...{ resolver, timeoutMs: 60_000, overrides: new Map(), ca: undefined, allowPrivate: false }
})

/** A network whose DNS contains no domain. */
async function emptyNetwork(t: Test) {
  const { place, stop } = await startNameServer({ records: [] })
  t.teardown(stop)
  return networkAt(place)
}

t.test('examine all: results are in the order of the domains, four domains at a time', async t => {
  const domains = Array.from({ length: 9 }, (_, at) => `d${at}.example`)
  let running = 0
  let most = 0
  const watched: Client = {
    ...model,
    async discover() {
      running++
      most = Math.max(most, running)
      await new Promise(setImmediate)
      running--
      return { account: undefined, reason: 'nothing', trace: [] }
    }
  }
  const states: ExaminationState[] = []
  const results = await examineAll(domains, {
    ...{ network: await emptyNetwork(t), clients: [watched], keepsEvidence: false },
    progress: state => states.push(state)
  })
  t.same(
    results.map(({ domain, findings, failure, examined }) => ({ domain, failure, examined, rule: findings[0]?.rule })),
    domains.map(domain => ({ domain, failure: undefined, examined: undefined, rule: 'dns.no-such-domain' }))
  )
  t.ok(most <= 4, `${most} at a time`)
  t.same(states[0], { done: 0, all: 9, faulty: 0, text: '' })
  t.match(states.at(-1), { done: 9, all: 9, faulty: 9, text: /^d\d\.example$/ })
})

t.test('examine all: evidence is kept on demand', async t => {
  const network = await emptyNetwork(t)
  const [kept] = await examineAll(['a.example'], { network, clients: geary, keepsEvidence: true, progress() {} })
  t.equal(kept?.examined?.evidence.subject.address, 'postmaster@a.example')
  t.same(kept?.findings[0]?.affects, ['Geary'])
})

t.test('examine all: a domain whose DNS lookup fails does not end the examination of the others', async t => {
  const network = networkAt('127.0.0.1:9')
  const results = await examineAll(['a.example', 'b.example'], {
    ...{ network, clients: geary, keepsEvidence: true, progress() {} }
  })
  t.same(
    results.map(({ failure, findings, examined }) => [/no DNS server answers/.test(failure ?? ''), findings, examined]),
    [1, 2].map(() => [true, [], undefined])
  )
})

t.test('examine all: an unexpected error is not hidden', async t => {
  const broken: Client = {
    ...model,
    discover: async () => {
      throw new TypeError('a defect')
    }
  }
  const network = await emptyNetwork(t)
  await t.rejects(examineAll(['a.example'], { network, clients: [broken], keepsEvidence: false, progress() {} }), {
    message: 'a defect'
  })
})

const server: ServerToProbe = {
  ...{ protocol: 'imap', host: 'imap.example.net', port: 993, security: 'tls', authentication: ['password'] }
}

/** A network that counts its connections, and refuses all of them. */
function refusingNetwork() {
  const network = {
    ...{ connections: 0, timeoutMs: 60_000, now: () => 0 },
    connect: async () => {
      network.connections++
      throw Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })
    }
  }
  return network
}

t.test('shared probe: each server is contacted once, and each domain gets its own login name', async t => {
  const network = refusingNetwork()
  const { signal } = new AbortController()
  const probe = createSharedProbe()
  const [a, b] = await Promise.all(
    ['a@a.example', 'b@b.example'].map(username => probe({ ...server, username }, network, signal))
  )
  t.equal(network.connections, 1)
  t.equal(a?.server.username, 'a@a.example')
  t.equal(b?.server.username, 'b@b.example')
  t.same(a?.faults, b?.faults)
  await probe({ ...server, port: 143 }, network, signal)
  t.equal(network.connections, 2)
})

t.test('shared probe: a connection that ended with the timeout of one domain is repeated for the next', async t => {
  const network = refusingNetwork()
  const over = AbortSignal.abort()
  const probe = createSharedProbe()
  await probe(server, network, over)
  await probe(server, network, over)
  t.equal(network.connections, 1, 'no connection is tried after the timeout')
  await probe(server, network, new AbortController().signal)
  t.equal(network.connections, 2)
})

t.test('pause: all callers wait until the longest pause is over', async t => {
  const pause = createPause()
  await pause.end()
  const started = performance.now()
  pause.extend(20)
  pause.extend(1)
  await Promise.all([pause.end(), pause.end()])
  t.ok(performance.now() - started >= 20)
})
