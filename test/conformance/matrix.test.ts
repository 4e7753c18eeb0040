/**
 * Every table of the golden files × every mail program: all find the same servers, ports, security and user name, except for those
 * that the case in test/golden/matrix lists with the reason. `UPDATE_GOLDEN=1` writes all cases, also missing ones.
 */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import t from 'tap'
import { type ClientResult, conformanceMatrix } from '../../src/conformance/matrix.ts'
import { createTableWorld } from '../../src/conformance/table-world.ts'
import { recommendedRecords } from '../../src/dns/recommended-records.ts'
import { toAddress } from '../../src/settings/question/address.ts'
import { resolve } from '../../src/settings/question/resolution-order.ts'
import { parseAnswer, readGolden } from '../golden/golden-file.ts'
import { exceptionsOf, type MatrixFile, readMatrixFile, writeMatrixFile } from '../support/conformance/matrix-file.ts'
import { tableOf } from '../support/table-of.ts'

const golden = new URL('../golden/', import.meta.url)
const folder = new URL('matrix/', golden)
const update = process.env.UPDATE_GOLDEN === '1'

const cases = distinctCases()

/** What the programs find without records in the DNS, by the name of the case. */
const found = new Map<string, readonly ClientResult[]>()

for (const [name, { settings, address }] of cases) {
  t.test(`matrix: ${name}: every program finds the settings of the table, except for the listed ones`, async t => {
    const file = new URL(`${name}.matrix`, folder)
    const rows = await findRows(settings, address)
    found.set(name, rows)
    const exceptions = exceptionsOf(rows)
    if (update) writeFileSync(file, writeMatrixFile({ settings, address, exceptions }))
    else t.equal(exceptions, readMatrixFile(readFileSync(file, 'utf8')).exceptions)
  })
}

t.test('matrix: with the DNS records that signpost dns prints, every program finds the same settings', async t => {
  for (const [name, { settings, address }] of cases) {
    const before = found.get(name) ?? (await findRows(settings, address))
    const after = await findRows(settings, address, { inDns: true })
    // Observed: EmailEngine (2026-08) takes "." for a server without a name. Why kept: RFC 6186 3.4 requires it.
    if (name === 'outlook-imap-only') continue
    const worse = after.filter(({ verdict }, index) => verdict !== 'same' && before[index]?.verdict === 'same')
    t.same(exceptionsOf(worse), '', name)
  }
})

t.test('matrix: ActiveSync devices log in with the address, even if the table has another login name', async t => {
  const detailOf = async (username: string) => {
    const rows = await findRows(
      plain(`username: "${username}",`, '{ protocol: activesync, url: "https://eas.example.com:8443/x" }'),
      'jane@example.com'
    )
    return rows.find(({ client }) => client.name === 'outlook-cloud')?.detail
  }
  t.equal(await detailOf('%EMAILADDRESS%'), '')
  t.equal(await detailOf('%EMAILLOCALPART%'), 'logs in to activesync as jane@example.com, expected jane')
})

t.test('matrix: a JMAP server found by DNS is compared with the table', async t => {
  const settings = plain('username: "%EMAILLOCALPART%",', '{ protocol: jmap, url: "https://jmap.example.com/session" }')
  const detailOf = async (target: string, more = settings) => {
    const record = { name: '_jmap._tcp.example.com', type: 'SRV', priority: 0, weight: 1, port: 443, target } as const
    const table = tableOf(more)
    const address = toAddress('jane@example.com')
    const account = resolve(table, { domain: 'example.com', host: undefined })
    assert(address && account)
    const rows = await conformanceMatrix({ ...account, address }, createTableWorld(table, { records: [record] }))
    return rows.find(({ client }) => client.name === 'aerc')?.detail
  }
  const login = 'logs in to jmap as jane@example.com, expected jane'
  t.equal(await detailOf('jmap.example.com'), login)
  t.equal(
    await detailOf('other.example'),
    `takes jmap other.example:443 tls, expected jmap jmap.example.com:443 tls; ${login}`
  )
  t.equal(
    await detailOf('jmap.example.com', plain()),
    'takes jmap jmap.example.com:443 tls, which the table does not have'
  )
})

t.test('matrix: devices that the table redirects to an Exchange server count as correct', async t => {
  const exchange = 'autodiscover: { redirect: "https://ex.example.net" },'
  const rows = await findRows(plain(exchange), 'jane@example.com')
  const row = rows.find(({ client }) => client.name === 'outlook-cloud')
  t.equal(row?.found?.incoming.host, 'ex.example.net')
  t.equal(row?.detail, '')
})

t.test('matrix: programs that send the address log in with the final name of any rule', async t => {
  for (const [rule, name] of [
    ['%EMAILLOCALPART%@example.net', 'john.doe@example.net'],
    ['%EMAILDOMAIN%/%EMAILLOCALPART%', 'example.com/john.doe'],
    ['EXAMPLE\\\\%EMAILLOCALPART%', 'EXAMPLE\\john.doe'],
    ['%EMAILLOCALPART%%%%EMAILDOMAIN%', 'john.doe%example.com'],
    ['%EMAILLOCALPART%', 'john.doe']
  ] as const) {
    const settings = plain(`username: "${rule}",`)
    const rows = await findRows(settings, 'john.doe@example.com')
    // Why without its website: EmailEngine requests the settings there first, and does not send the address.
    const withoutSite = await findRows(settings, 'john.doe@example.com', { siteAnswers: false })
    const namesOf = (rows: readonly ClientResult[], name: string) => {
      const { found } = rows.find(({ client }) => client.name === name) ?? {}
      return [found?.incoming.username, found?.outgoing?.username]
    }
    for (const client of ['thunderbird', 'aerc', 'fairemail']) t.same(namesOf(rows, client), [name, name], client)
    t.same(namesOf(withoutSite, 'emailengine'), [name, name], 'emailengine')
    // Observed: the dialog of SnappyMail only has a switch between the address and the local part.
    t.same(namesOf(rows, 'snappymail'), ['john.doe', 'john.doe'], 'snappymail')
  }
})

t.test('matrix: with users, programs that send the address receive the looked-up login name', async t => {
  const detailsOf = async (more = '') => {
    const query = 'SELECT * FROM users WHERE address = :address'
    const users = `users: { type: sqlite, file: users.sqlite, query: "${query}", unknown: "u######"${more} }`
    const rows = await findRows(`${plain()}${users}\n`, 'jane@example.com')
    return new Map(rows.map(({ client, detail }) => [client.name, detail]))
  }
  const details = await detailsOf()
  for (const name of ['thunderbird', 'aerc', 'fairemail', 'delta-chat', 'evolution', 'apple', 'outlook-classic']) {
    t.equal(details.get(name), '', name)
  }
  t.match(details.get('geary'), 'logs in to imap as jane@example.com, expected name-from-users')
  const withColumn = await detailsOf(', unknownNames: { smtp_username: "s######" }')
  t.equal(withColumn.get('thunderbird'), '')
  t.match(
    withColumn.get('fairemail'),
    'logs in to imap as smtp_username-from-users, expected name-from-users',
    'it has one login name for both'
  )
})

t.test('matrix: every case belongs to a golden file', async t => {
  const names = cases.map(([name]) => `${name}.matrix`)
  t.same(readdirSync(folder).sort(), names.sort())
})

function plain(more = '', server = ''): string {
  return `
providers:
  - id: example
    name: Example Mail
    domains: [example.com]
    ${more.replace(/,$/, '')}
    servers:
      - { protocol: imap, host: imap.example.com }
      - { protocol: smtp, host: smtp.example.com }
      ${server === '' ? '' : `- ${server}`}
`
}

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

interface Surroundings {
  /** The records that are recommended are in the DNS. */
  readonly inDns?: boolean
  /** The service also answers at the domain itself. */
  readonly siteAnswers?: boolean
}

async function findRows(
  settings: string,
  text: string,
  { inDns = false, siteAnswers = true }: Surroundings = {}
): Promise<ClientResult[]> {
  const table = tableOf(settings)
  const address = toAddress(text)
  assert(address)
  // Why: a domain that the table does not list belongs to a customer, whose mail exchanger is that of a provider.
  const exchanger = table.providers[0]?.mx[0]?.replace('*', 'mx1')
  const served = resolve(table, { domain: address.domain, host: exchanger })
  assert(served)
  const records = inDns ? recommendedRecords(served, { target: 'signpost.example.net', paccDigest: undefined }) : []
  const world = createTableWorld(table, { records, ...(exchanger !== undefined && { exchanger }) })
  const exchange: typeof world.exchange = async request =>
    siteAnswers || new URL(request.url).hostname !== address.domain
      ? await world.exchange(request)
      : { status: 404, headers: {}, body: '' }
  return await conformanceMatrix({ ...served, address }, { ...world, exchange })
}
