import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type PlistValue, parse } from 'plist'
import t from 'tap'
import { Compile } from 'typebox/schema'
import { createAdmin } from '../../../src/admin/admin.ts'
import { portalOpenapi } from '../../../src/admin/portal/openapi.ts'
import { errors } from '../../../src/errors.ts'
import { toLimits } from '../../../src/settings/limits.ts'
import { profileFaults } from '../../schemas/profile-faults.ts'
import { administer, below, goodPairs, withKeys } from '../../support/admin/administer.ts'
import { uncovered } from '../../support/child-processes.ts'
import { fixed } from '../../support/fixed.ts'
import { matchLists } from '../../support/match-lists.ts'
import { readSigned } from '../../support/read-signed.ts'

type Admin = Awaited<ReturnType<typeof administer>>['admin']

const address = 'jane@example.com'
const password = 'tr0ub4dor & <3'

const post = (admin: Admin, url: string, payload: object | string, headers = {}) =>
  admin.inject({
    method: 'POST',
    url,
    payload: typeof payload === 'string' ? payload : JSON.stringify(payload),
    headers
  })

const accountsIn = (body: string) => (parse(body) as { PayloadContent: PlistValue[] }).PayloadContent

t.test('portal: /internal/profile returns a profile with the password', async t => {
  const { admin } = await administer(t)
  const { statusCode, headers, body } = await post(admin, '/internal/profile', { address, name: 'Jane Doe', password })
  t.equal(statusCode, 200)
  t.match(headers, {
    'content-type': 'application/x-apple-aspen-config',
    'content-disposition': 'attachment; filename="example.com.mobileconfig"',
    'cache-control': 'no-store',
    'content-length': String(Buffer.byteLength(body))
  })
  matchLists(t, accountsIn(body), [
    {
      EmailAddress: address,
      EmailAccountName: 'Jane Doe',
      IncomingMailServerHostName: 'imap.example.com',
      IncomingMailServerUsername: address,
      IncomingPassword: password,
      OutgoingPassword: password
    }
  ])
})

t.test('portal: a profile is signed if a key is configured, and refused without a valid one', async t => {
  const { admin } = await administer(t, withKeys, goodPairs())
  const signed = await post(admin, '/internal/profile', { address, password })
  t.match(readSigned(signed.rawPayload).content.toString(), 'tr0ub4dor &amp; &lt;3')
  t.equal(signed.headers['cache-control'], 'no-store')
  const expired = await administer(t, withKeys, { ...goodPairs(), signing: below('s.example', -1) })
  const { statusCode, body } = await post(expired.admin, '/internal/profile', { address, password })
  t.same([statusCode, body], [503, 'Profiles cannot be signed at the moment; try again later. [AC_CANNOT_SIGN]\n'])
  t.match(expired.readLog(), 'profiles are refused')
})

t.test('portal: /internal/qr returns the code of Thunderbird for Android with the password', async t => {
  const { admin } = await administer(t)
  const text = await post(admin, '/internal/qr', { address, password, format: 'text' })
  t.same([text.statusCode, text.headers['content-type']], [200, 'text/plain; charset=utf-8'])
  t.same(JSON.parse(text.body), [
    1,
    [1, 1],
    [0, 'imap.example.com', 993, 3, 1, address, '', password],
    [
      [
        [0, 'smtp.example.com', 465, 3, 1, address, password],
        [address, address]
      ]
    ]
  ])
  const svg = await post(admin, '/internal/qr', { address, password })
  t.same([svg.statusCode, svg.headers['content-type']], [200, 'image/svg+xml'])
  t.match(svg.body, `<title>QR code that sets up ${address} in Thunderbird for Android</title>`)
  t.notMatch(svg.body, 'tr0ub4dor')
  for (const { headers } of [text, svg]) t.equal(headers['cache-control'], 'no-store')
})

t.test(
  'portal: an invalid body, an unserved domain and one without the document are refused with the field',
  async t => {
    const { admin } = await administer(t)
    const other = 'jane@a.customers.example'
    const served = { address, password }
    const error = Compile(portalOpenapi.components.schemas.Problem)
    for (const [url, body, status, problem] of [
      ['profile', { address: 'jane' }, 400, 'address: expected a mail address'],
      ['qr', { address: 'jane' }, 400, 'address: expected a mail address'],
      ['profile', { address: 'jane@unknown.example' }, 404, 'address: the domain is not served'],
      ['qr', { address: 'jane@unknown.example' }, 404, 'address: the domain is not served'],
      ['profile', { address: other }, 422, 'address: there is no Apple profile for this domain'],
      [
        'profile',
        { accounts: [served, { address: other }] },
        422,
        'accounts[1].address: there is no Apple profile for this domain'
      ],
      [
        'profile',
        { accounts: [served, { address: 'a@b.example' }] },
        404,
        'accounts[1].address: the domain is not served'
      ],
      ['qr', { address: 'jané@example.com' }, 422, 'Thunderbird for Android supports only ASCII addresses'],
      ['qr', { address, aliases: ['jané@example.com'] }, 422, 'Thunderbird for Android supports only ASCII addresses']
    ] as const) {
      const answer = await post(admin, `/internal/${url}`, body)
      t.same([answer.statusCode, answer.json()], [status, { error: problem }])
      t.ok(error.Check(answer.json()))
      t.equal(answer.headers['cache-control'], 'no-store')
      t.ok(Object.hasOwn(portalOpenapi.paths[`/internal/${url}`].post.responses, status))
    }
  }
)

t.test('portal: several mailboxes are in one profile', async t => {
  const { admin } = await administer(t)
  const accounts = [
    { address, password },
    { address: 'jim@bücher.example', password: 'other' }
  ]
  const { body } = await post(admin, '/internal/profile', { accounts })
  matchLists(t, accountsIn(body), [
    { IncomingPassword: password },
    { EmailAddress: 'jim@xn--bcher-kva.example', IncomingPassword: 'other' }
  ])
})

t.test('portal: a web page cannot call it, and a body of more than 16 KiB is refused', async t => {
  const { admin } = await administer(t)
  for (const url of ['/internal/profile', '/internal/qr']) {
    const foreign = await post(admin, url, { address, password }, { origin: 'https://attacker.example' })
    t.same([foreign.statusCode, foreign.body], [403, 'Web pages must not call this. [AC_CROSS_ORIGIN]\n'])
    const long = await post(admin, url, { address, password: 'x'.repeat(17_000) })
    t.same([long.statusCode, long.body], [413, 'The request body is longer than 16384 bytes. [AC_BODY_TOO_LARGE]\n'])
    t.equal((await admin.inject({ url })).statusCode, 405)
  }
})

t.test('portal: while a directory is unavailable, it answers 503', async t => {
  const admin = createAdmin({
    metrics: { contentType: '', text: async () => '', ofProcess: async () => [] },
    readiness: [],
    reloader: { reload: async () => [], pendingRestart: [] },
    tlsAsk: { answer: async () => 'not-served' },
    portal: { source: { find: async () => Promise.reject(errors.unavailable()) }, sign: document => document },
    limitsOf: fixed(toLimits())
  })
  t.teardown(() => admin.close())
  for (const url of ['/internal/profile', '/internal/qr']) {
    const { statusCode, headers, body } = await post(admin, url, { address, password })
    t.same([statusCode, body], [503, 'The directory is unavailable; try again later. [AC_UNAVAILABLE]\n'])
    t.equal(headers['retry-after'], '5')
  }
})

t.test('portal: no password is in the log, the metrics or an error', async t => {
  const { admin, readLog } = await administer(t)
  const canary = 'tr0ub4dor'
  const bodies = [
    { address, password: canary },
    { address: canary, password: canary },
    { address: `${canary}@unknown.example`, password: canary },
    { address: 'jane@a.customers.example', password: canary, name: canary },
    { address, [canary]: canary },
    { address, password: `${canary}\n` },
    { address, password: [canary] },
    { accounts: canary },
    `{"address":"${address}","password":"${canary}"`,
    `${canary}${'x'.repeat(17_000)}`
  ]
  for (const url of [
    '/internal/profile',
    '/internal/qr',
    `/internal/profile?password=${canary}`,
    `/internal/${canary}`
  ]) {
    for (const body of bodies) {
      const answer = await post(admin, url, body)
      if (answer.statusCode !== 200) t.notMatch(JSON.stringify(answer.headers) + answer.body, canary)
    }
  }
  t.notMatch(readLog(), canary)
  t.notMatch((await admin.inject('/metrics')).body, canary)
})

t.test('portal: a response does not depend on earlier requests', async t => {
  const { admin } = await administer(t)
  const without = () => post(admin, '/internal/profile', { address }).then(({ body }) => body)
  const code = () => post(admin, '/internal/qr', { address, format: 'text' }).then(({ body }) => body)
  const before = [await without(), await code()]
  await post(admin, '/internal/profile', { address, password, name: 'Jane', aliases: ['j@example.com'] })
  await post(admin, '/internal/qr', { address, password, name: 'Jane', aliases: ['j@example.com'] })
  t.same([await without(), await code()], before)
})

t.test('portal: without a password, a profile has the same accounts as the public one', async t => {
  const { admin, app } = await administer(t)
  for (const name of [undefined, 'Jane Doe']) {
    const own = await post(admin, '/internal/profile', { address, name })
    const open = await app.inject(`/email.mobileconfig?email=${address}${name === undefined ? '' : `&name=${name}`}`)
    t.same(parse(own.body), parse(open.body))
    t.same(profileFaults(own.body), [])
  }
})

t.test('portal: /internal/openapi.json describes both', async t => {
  const { admin } = await administer(t)
  const { statusCode, headers, body } = await admin.inject('/internal/openapi.json')
  t.same([statusCode, headers['content-type']], [200, 'application/json; charset=utf-8'])
  t.same(JSON.parse(body), portalOpenapi)
  t.same(Object.keys(portalOpenapi.paths), ['/internal/profile', '/internal/qr'])
  for (const [, name = ''] of body.matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
    t.ok(Object.hasOwn(portalOpenapi.components.schemas, name), name)
  }
  t.equal((await admin.inject({ method: 'POST', url: '/internal/openapi.json' })).statusCode, 405)
})

t.test('portal: no password stays in memory after its request', async t => {
  // Why another process: this one has all that tap and the other tests keep.
  const script = fileURLToPath(new URL('../../support/admin/passwords-in-memory.ts', import.meta.url))
  // Why the limit: a snapshot cuts strings off after 1024 characters, and profiles are longer.
  const flags = ['--expose-gc', '--heap-snapshot-string-limit=200000']
  const env = { ...process.env, ...uncovered }
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, script], { env })
  const { statuses, found } = JSON.parse(stdout)
  // A request for a profile must not have a format.
  t.same(statuses, { 200: 13, 400: 21, 404: 6 })
  t.same(found, ['held'], 'only the password that the script keeps on purpose is found')
})
