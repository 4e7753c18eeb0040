// Run by portal.test.ts in a separate process with --expose-gc. Sends passwords to the portal's paths over real connections,
// collects garbage, and prints which passwords a heap snapshot still contains, as JSON.

import { Agent, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { getHeapSnapshot } from 'node:v8'
import { createAdmin } from '../../../src/admin/admin.ts'
import { createLogger } from '../../../src/http/log/access-log.ts'
import { createSigner } from '../../../src/http/signer.ts'
import { toLimits } from '../../../src/settings/limits.ts'
import { createSource } from '../../../src/sources/source.ts'
import { issue } from '../certificates.ts'
import { fixed } from '../fixed.ts'
import { exampleSettings } from '../served-app.ts'
import { tableOf } from '../table-of.ts'

const table = tableOf(`signing: { certificate: chain.pem, key: key.pem }\n${exampleSettings}`)
const { certificate, key } = issue('signpost.example.net')
const pair = { chain: [certificate] as const, key, name: '', notBefore: 0, notAfter: Number.POSITIVE_INFINITY }
const source = createSource({ table })
const logger = createLogger(undefined, { write: () => undefined })
const admin = createAdmin({
  metrics: { contentType: '', text: async () => '', ofProcess: async () => [] },
  readiness: [],
  reloader: { reload: async () => [], pendingRestart: [] },
  tlsAsk: { answer: async () => 'not-served' },
  portal: { source, sign: createSigner({ source, signing: { keyAt: () => pair }, logger }) },
  limitsOf: fixed(toLimits())
})
await admin.listen({ host: '127.0.0.1', port: 0 })
const { port } = admin.server.address() as AddressInfo
const agent = new Agent({ keepAlive: true, maxSockets: 1 })
const statuses: Record<string, number> = {}
const kinds: string[] = []

/** A marker that no code splits into two strings. */
const marked = /zq(\d+)zq/g

// Why: proves that a password in memory is found.
const held = new Map([[mark('held'), true]])

for (let round = 0; round < 3; round++) {
  for (const path of ['/internal/profile', '/internal/qr']) {
    for (const [kind, body] of Object.entries(bodies())) await post(path, body(mark(`${kind} to ${path}`)))
  }
}
// Why: the connection and V8's last match of a regular expression hold the previous request.
for (let turn = 0; turn < 4; turn++) await post('/internal/profile', JSON.stringify({ address: 'nobody@example.com' }))

let found = await passwordsInMemory()
for (let turn = 0; turn < 10 && found.length > 1; turn++) found = await passwordsInMemory()

process.stdout.write(JSON.stringify({ statuses, found }), () => {
  held.clear()
  process.exit()
})

function bodies(): Record<string, (password: string) => string> {
  const address = 'jane@example.com'
  return {
    good: password => JSON.stringify({ address, password }),
    'text of a code': password => JSON.stringify({ address, password, format: 'text' }),
    unserved: password => JSON.stringify({ address: 'jane@unknown.example', password }),
    invalid: password => JSON.stringify({ address, password: `${password}\n` }),
    'no JSON': password => `{"address":"${address}","password":"${password}"`,
    'unknown key': password => JSON.stringify({ address, [password]: password })
  }
}

/** @returns a unique password */
function mark(kind: string): string {
  return `zq${kinds.push(kind) - 1}zq`
}

/** @returns the requests of all passwords that are found half a second later */
async function passwordsInMemory(): Promise<string[]> {
  await sleep(500)
  await globalThis.gc?.({ type: 'major', execution: 'async' })
  await globalThis.gc?.({ type: 'major', execution: 'async' })
  const numbers = (await text(getHeapSnapshot())).matchAll(marked)
  return [...new Set(Array.from(numbers, ([, number]) => kinds[Number(number)] ?? ''))].sort()
}

async function post(path: string, body: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const sent = request({ host: '127.0.0.1', port, method: 'POST', path, agent }, response => {
    statuses[String(response.statusCode)] = (statuses[String(response.statusCode)] ?? 0) + 1
    response.resume().on('end', resolve)
  })
  sent.on('error', reject).end(body)
  await promise
}
