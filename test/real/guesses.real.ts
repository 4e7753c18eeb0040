// An attacker with a clock sends requests for two addresses, one of which another client has requested before, and
// guesses from the response times which one. The guesses must be no better than chance.

import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { stringify } from 'yaml'
import { createRandom } from '../fuzz/random.ts'
import { ecKey, issueChain, rsaKey } from '../support/certificates.ts'
import { type PersonalRequest, personalRequests } from '../support/personal-requests.ts'
import { start } from './program.ts'

const host = '127.0.0.1'
const scratch = await mkdtemp(join(tmpdir(), 'guesses-'))
t.teardown(() => rm(scratch, { recursive: true }))

const pairs = 600
/** Addresses that other clients request first. Why several: a cache may have more than one entry. */
const batch = 10
/** Range of correct guesses. Chance exceeds it once in 300 times, and three times in a row once in 30 million. */
const [least, most] = [0.44, 0.56]
const attempts = 3

const noRequest: PersonalRequest = { method: 'GET', url: '/' }

const random = createRandom(1)

/** Number of local parts created so far. */
let made = 0

/** Sends a request. @returns the milliseconds until the end of the response */
type Ask = (request: Buffer) => Promise<number>

t.test('guesses: the response time does not reveal whether an address was requested before', async t => {
  for (const [at, [signature, key]] of Object.entries({ unsigned: undefined, EC: ecKey(), RSA: rsaKey() }).entries()) {
    const port = 8080 + at
    await serve(t, port, key && issueChain('mail.example.com', { key }))
    const [stranger, other] = [await openConnection(t, port), await openConnection(t, port)]
    for (const kind of Object.keys(personalRequests(''))) {
      // Why: only the profile is signed.
      if (signature !== 'unsigned' && kind !== 'profile') continue
      for (const request of requestsOf(kind, 200)) await stranger(request)
      const shares: number[] = []
      do shares.push(await shareOfCorrectGuesses(kind, stranger, other))
      while (!isChance(shares.at(-1)) && shares.length < attempts)
      t.comment(`${kind}, ${signature}: ${shares.map(percent).join(', ')}`)
      t.ok(isChance(shares.at(-1)), `${kind}, ${signature}`)
    }
  }
})

t.test('guesses: the clock is precise enough to detect a cached page', async t => {
  await serve(t, 8080)
  const ask = await openConnection(t, 8080)
  const shares: number[] = []
  do shares.push(await shareOfFasterAnswers(ask))
  while (isChance(shares.at(-1)) && shares.length < attempts)
  t.comment(shares.map(percent).join(', '))
  t.ok((shares.at(-1) ?? 0) > most)
})

/**
 * @returns how often a small response takes less time than a page, 0 to 1. Why these two: a cached page would take about as long
 * as a small response.
 */
async function shareOfFasterAnswers(ask: Ask): Promise<number> {
  const [pages, small] = [requestsOf('page', pairs), requestsOf('JSON API', pairs)]
  let faster = 0
  for (const [at, page] of pages.entries()) if ((await ask(small[at] ?? page)) < (await ask(page))) faster += 1
  return faster / pairs
}

function isChance(share = 1): boolean {
  return share >= least && share <= most
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}

/** @returns how often the faster response belongs to the address that was requested before, 0 to 1 */
async function shareOfCorrectGuesses(kind: string, ask: Ask, askBefore: Ask): Promise<number> {
  // Why created in advance: work between two requests affects the duration of the next one.
  const [known, unknown] = [requestsOf(kind, pairs), requestsOf(kind, pairs)]
  const earlier = known.map(request => Buffer.from(request))
  let correct = 0
  for (const [pair, request] of known.entries()) {
    if (pair % batch === 0) for (const each of earlier.slice(pair, pair + batch)) await askBefore(each)
    const other = unknown[pair] ?? request
    const isFirst = random.chance(50)
    const first = await ask(isFirst ? request : other)
    const second = await ask(isFirst ? other : request)
    if (first < second === isFirst) correct += 1
  }
  return correct / pairs
}

/** @returns requests for different addresses that have the same length and kind of characters */
function requestsOf(kind: string, count: number): Buffer[] {
  return Array.from({ length: count }, () => {
    const { method, url, payload = '' } = personalRequests(`${nextLocalPart()}@example.com`)[kind] ?? noRequest
    const headers = `host: autoconfig.example.com\r\nuser-agent: Mozilla/5.0\r\ncontent-length: ${payload.length}`
    return Buffer.from(`${method} ${url} HTTP/1.1\r\n${headers}\r\n\r\n${payload}`)
  })
}

function nextLocalPart(): string {
  made += 1
  return `jane.${String(made)
    .padStart(8, '0')
    .replace(/\d/g, digit => 'bcdfghjklm'.charAt(Number(digit)))}`
}

async function openConnection(t: Test, port: number): Promise<Ask> {
  const socket = connect({ host, port, noDelay: true })
  t.teardown(() => socket.destroy())
  await once(socket, 'connect')
  return request => {
    const { promise, resolve, reject } = Promise.withResolvers<number>()
    const started = performance.now()
    let expected = 0
    let received = 0
    const read = (bytes: Buffer) => {
      if (received === 0) expected = lengthOf(bytes)
      received += bytes.length
      if (received < expected) return
      const ms = performance.now() - started
      socket.off('data', read).off('close', reject)
      resolve(ms)
    }
    socket.on('data', read).on('close', reject).write(request)
    return promise
  }
}

/** @param start of a response, with all headers. @returns the length of the whole response in bytes */
function lengthOf(start: Buffer): number {
  const text = start.toString('latin1')
  return text.indexOf('\r\n\r\n') + 4 + Number(/^content-length: (\d+)/im.exec(text)?.[1])
}

async function serve(t: Test, port: number, chain?: ReturnType<typeof issueChain>): Promise<void> {
  const file = (name: string) => join(scratch, `${port}-${name}`)
  if (chain !== undefined) {
    await writeFile(file('chain.pem'), chain.leaf.pem + chain.intermediate.pem)
    await writeFile(file('key.pem'), chain.leaf.keyPem)
  }
  const settings = {
    ...(chain && { signing: { certificate: file('chain.pem'), key: file('key.pem') } }),
    limits: { rate: { requests: 0 }, overload: { delayMilliseconds: 0 } },
    providers: [
      {
        id: 'example',
        name: 'Example',
        domains: ['example.com'],
        servers: ['imap', 'smtp'].map(protocol => ({ protocol, host: `${protocol}.example.com` }))
      }
    ]
  }
  await writeFile(file('signpost.yaml'), stringify(settings))
  const main = process.env.SIGNPOST_MAIN ?? 'src/main.ts'
  const listen = ['--listen', `${host}:${port}`]
  const program = await start(process.execPath, [main, 'serve', '--config', file('signpost.yaml'), ...listen], {
    log: file('log'),
    ready: [{ host, port }]
  })
  t.teardown(() => program.stop())
}
