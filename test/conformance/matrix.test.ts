/**
 * Every table of the golden files × every mail program: all find the same servers, ports, security and user name, or the
 * case in test/golden/matrix says which does not, and why. `UPDATE_GOLDEN=1` writes the cases anew, and those that lack.
 */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import t from 'tap'
import { type ClientResult, conformanceMatrix } from '../../src/conformance/matrix.ts'
import { createTableWorld } from '../../src/conformance/table-world.ts'
import { recommendedRecords } from '../../src/dns/recommended-records.ts'
import { toAddress } from '../../src/settings/address.ts'
import { resolve } from '../../src/settings/resolution-order.ts'
import { parseAnswer, readGolden } from '../golden/golden-file.ts'
import { exceptionsOf, type MatrixFile, readMatrixFile, writeMatrixFile } from '../support/conformance/matrix-file.ts'
import { tableOf } from '../support/table-of.ts'

const golden = new URL('../golden/', import.meta.url)
const folder = new URL('matrix/', golden)
const update = process.env.UPDATE_GOLDEN === '1'

for (const [name, { settings, address }] of distinctCases()) {
  t.test(`matrix: ${name}: every program finds what the table says, but for the exceptions named`, async t => {
    const file = new URL(`${name}.matrix`, folder)
    const exceptions = await findExceptions(settings, address)
    if (update) writeFileSync(file, writeMatrixFile({ settings, address, exceptions }))
    else t.equal(exceptions, readMatrixFile(readFileSync(file, 'utf8')).exceptions)
  })
}

t.test('matrix: with the DNS records that signpost dns prints, no program is told anything else', async t => {
  for (const [name, { settings, address }] of distinctCases()) {
    const before = await findRows(settings, address)
    const after = await findRows(settings, address, true)
    // Observed: EmailEngine (2026-08) takes "." for a server without a name. Why left so: RFC 6186 3.4 wants it.
    if (name === 'outlook-imap-only') continue
    const worse = after.filter(({ verdict }, index) => verdict !== 'same' && before[index]?.verdict === 'same')
    t.same(exceptionsOf(worse), '', name)
  }
})

t.test('matrix: every case belongs to a golden file', async t => {
  const names = distinctCases().map(([name]) => `${name}.matrix`)
  t.same(readdirSync(folder).sort(), names.sort())
})

type Case = Omit<MatrixFile, 'exceptions'>

/** The tables that golden files have answers from, each once, with an address that they serve. */
function distinctCases(): [name: string, Case][] {
  const cases = new Map<string, [string, Case]>()
  for (const dialect of ['thunderbird', 'outlook', 'apple']) {
    for (const name of readdirSync(new URL(`${dialect}/`, golden)).sort()) {
      const { settings, answer, request } = readGolden(readFileSync(new URL(`${dialect}/${name}`, golden), 'utf8'))
      const { status, body } = parseAnswer(answer)
      const domain = askedDomain(request)
      if (status !== 200 || body.includes('<ErrorCode>') || domain === undefined) continue
      const key = JSON.stringify([tableOf(settings).providers, domain])
      const label = `${dialect}-${name.replace('.golden', '')}`
      if (!cases.has(key)) cases.set(key, [label, { settings, address: `john.doe@${domain}` }])
    }
  }
  return [...cases.values()]
}

/** @returns the first domain in the request: of the address in its query or body, or of its host */
function askedDomain(request: string): string | undefined {
  const domains = [
    ...decodeURIComponent(request).matchAll(/(?:@|Host: (?:autoconfig\.|autodiscover\.|www\.)?)([^\s<&:]+)/g)
  ]
  return domains.map(([, domain = '']) => toAddress(`x@${domain}`)?.domain).find(domain => domain !== undefined)
}

async function findExceptions(settings: string, address: string): Promise<string> {
  return exceptionsOf(await findRows(settings, address))
}

async function findRows(settings: string, text: string, inDns = false): Promise<ClientResult[]> {
  const table = tableOf(settings)
  const address = toAddress(text)
  assert(address)
  // Why: a domain that the table does not serve by its name is a customer's, whose mail comes in at a provider's.
  const exchanger = table.providers[0]?.mx[0]?.replace('*', 'mx1')
  const served = resolve(table, { domain: address.domain, host: exchanger })
  assert(served)
  const records = inDns ? recommendedRecords(served, { target: 'signpost.example.net', paccDigest: undefined }) : []
  const world = createTableWorld(table, { records, ...(exchanger !== undefined && { exchanger }) })
  return await conformanceMatrix({ ...served, address }, world)
}
