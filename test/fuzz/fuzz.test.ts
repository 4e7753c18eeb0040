/**
 * A short run of every fuzzing case, and the tools that find and reduce problems.
 */
import t from 'tap'
import { document } from '../../src/dialects/document.ts'
import { toAddress } from '../../src/settings/question/address.ts'
import { leaveOutProcesses } from '../support/child-processes.ts'
import { matchLists } from '../support/match-lists.ts'
import { mutatedLogFault } from './answer-faults.ts'
import { canariesIn, canary, hasMarkup } from './canary.ts'
import { documentFaults, isOwn } from './document-faults.ts'
import type { FuzzCase } from './fuzz-case.ts'
import { openCases } from './open-cases.ts'
import { createRandom } from './random.ts'
import { readRawAnswers } from './raw-answers.ts'
import { reduce } from './reduce.ts'
import { inputOf, judge, runCase } from './run-case.ts'

/** `npm run fuzz` continues from here. */
const seed = 1

const cases = await openCases()
t.teardown(() => Promise.all(cases.map(({ close }) => close?.())))

/** Why fewer: their inputs take longer. */
const counts: Readonly<Record<string, number>> = {
  sockets: 100,
  tls: 100,
  wire: 100,
  proxied: 100,
  pages: 150,
  import: 150,
  doctor: 15,
  servers: 30,
  postgres: 15,
  mysql: 15,
  ldap: 15,
  redis: 100
}

for (const fuzzCase of cases) {
  const count = counts[fuzzCase.name] ?? 500
  t.test(`fuzz: ${fuzzCase.title}`, async t => {
    leaveOutProcesses(t)
    const { inputs, failure } = await runCase(fuzzCase, { seed, from: 0, goesOn: judged => judged < count })
    t.equal(failure, undefined)
    t.ok(inputs >= count)
  })
}

t.test('fuzz: the same seed gives the same inputs, and another seed different ones', async t => {
  for (const fuzzCase of cases) {
    t.same(inputOf(fuzzCase, 7, 3), inputOf(fuzzCase, 7, 3), fuzzCase.name)
    const many = (each: number) => JSON.stringify(Array.from({ length: 20 }, (_, at) => inputOf(fuzzCase, each, at)))
    t.not(many(7), many(8), fuzzCase.name)
  }
  const random = createRandom(1)
  const counts = [0, 0, 0, 0]
  for (let turn = 0; turn < 4_000; turn++) {
    const number = random.below(4)
    counts[number] = (counts[number] ?? 0) + 1
  }
  t.ok(
    counts.every(count => count > 800 && count < 1_200),
    `${counts}`
  )
})

t.test('fuzz: a problem is found, reported with its seed and number, and reduced', async t => {
  const broken: FuzzCase = {
    name: 'broken',
    title: 'a case with a fault',
    make: random => ({ text: 'abcdefghijklmnopqrstuvwxyz'.repeat(4), number: String(random.below(50)) }),
    judge: ({ text = '', number }) => {
      if (number !== '7') return undefined
      if (text.includes('q')) throw new Error('a q')
      return undefined
    }
  }
  const { failure } = await runCase(broken, { seed: 5, from: 100, goesOn: () => true })
  t.match(failure, { name: 'broken', seed: 5, problem: /^Error: a q/ })
  t.ok((failure?.at ?? 0) >= 100)
  t.same(inputOf(broken, 5, failure?.at ?? 0), failure?.input)
  const small = await reduce(failure?.input ?? {}, async input => (await judge(broken, input)) !== undefined)
  t.same(small, { text: 'q', number: '7' })
})

t.test('fuzz: a response with reflected data is found', async t => {
  const headers = { 'content-type': 'text/xml; charset=utf-8' }
  const faultOf = (body: string, more: Readonly<Record<string, string>> = {}, status = 200) =>
    documentFaults(document(status, { ...headers, ...more }, body), { key: '' })
  const address = toAddress(`${canary('local')}@example.com`)
  const personal = (body: string) => documentFaults(document(200, headers, body), { key: 'personal', address })
  t.equal(personal(`<a>${canary('local')}@example.com</a>`), undefined)
  t.equal(personal(`<a>${canary('local')}@example.com</a>`), undefined)
  t.match(personal(`<a>${canary('local')}@example.com<b/></a>`), 'differs from')
  t.match(faultOf(`<a>${canary('local')}@example.com</a>`), 'gives back the field local')
  t.equal(faultOf('<a/>'), undefined)
  t.equal(faultOf('<a/>'), undefined)
  t.match(faultOf(`<b>${canary('query')}</b>`), 'gives back the field query')
  t.match(faultOf(`<a b="<qzmarkzq"/>`), 'markup')
  t.match(faultOf('<c>'), 'not well-formed')
  t.match(faultOf('{', { 'content-type': 'application/json' }), 'not well-formed')
  t.match(faultOf('<d', { 'content-type': 'text/plain' }), 'markup in plain text')
  t.match(faultOf('<a/>', {}, 500), 'status 500')
  t.match(faultOf('<a/>', { 'set-cookie': 'a=b' }), 'header set-cookie')
  t.match(faultOf('<a/>', { x: canary('header') }), 'gives back')
  t.match(faultOf('<a/>', { x: 'a\r\nb' }), 'header x')
  t.match(faultOf('', { location: 'https://evil.example/' }, 302), 'Location')
  t.match(faultOf('', {}, 302), 'without Location')
  t.match(
    documentFaults({ status: 200, headers: { 'content-length': 1 }, body: 'ab' }, { key: '' }),
    'content-length 1'
  )
  t.same(canariesIn(`${canary('host').toUpperCase()} ${canary('body')}`), ['body', 'host'])
  t.ok(hasMarkup('<qzmarkzq', 'text/html') && hasMarkup("'qzmarkzq", 'text/html') && hasMarkup('<qzmarkzq', 'text/xml'))
  t.notOk(hasMarkup("<a>'qzmarkzq</a>", 'text/xml; charset=utf-8'))
  t.notOk(hasMarkup('&lt;qzmarkzq', 'text/html') || hasMarkup('"<qzmarkzq"', 'application/json'))
  t.ok(isOwn('https://autoconfig.example.com/') && isOwn('https://a.customers.example/'))
  t.notOk(isOwn('https://evil.example/') || isOwn('https://notexample.com/') || isOwn('/example.com'))
})

t.test('fuzz: invalid responses are found', async t => {
  const head = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n'
  matchLists(t, readRawAnswers(`${head}ab${head}cd`), [{ body: 'ab' }, { body: 'cd' }])
  matchLists(t, readRawAnswers(`${head}${head}cd`), [{ body: '' }, { body: 'cd' }])
  matchLists(t, readRawAnswers('HTTP/1.1 400 Bad Request\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'), [
    { status: 400 }
  ])
  for (const bad of [
    'HTTP/1.1 200\n\n',
    `${head}a`,
    `${head}abc`,
    head.replace('Length:', 'Length'),
    head.replace('\r\n\r\n', '\r\nContent-Length: 3\r\n\r\n'),
    head.replace('Content-Length: 2', 'Transfer-Encoding: chunked')
  ]) {
    t.throws(() => readRawAnswers(bad), JSON.stringify(bad))
  }
})

t.test('fuzz: the log of real connections may contain any word as the domain, but not elsewhere', async t => {
  const line = (domain: string, client: string) => `{"dialect":"pacc","domain":"${domain}","client":"${client}"}`
  t.equal(mutatedLogFault(line(`exa${canary('header')}`, 'none')), undefined)
  t.match(mutatedLogFault(line('example.com', canary('header'))), 'log: ')
  t.match(mutatedLogFault(line(`${canary('local')}@example.com`, 'none')), 'log: ', 'an address is not a domain')
})
