import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { Compile } from 'typebox/schema'
import { portalOpenapi } from '../../../src/admin/portal/openapi.ts'
import { isProblem, readAccounts, readQrRequest } from '../../../src/admin/portal/portal-accounts.ts'
import { matchLists } from '../../support/match-lists.ts'

const address = 'jane@example.com'
const encode = (value: unknown) => Buffer.from(JSON.stringify(value))
const read = (value: unknown) => readAccounts(encode(value))
const problemOf = (value: object) => (isProblem(value) ? value.problem : undefined)
const accountsOf = (value: unknown) => {
  const accounts = read(value)
  return isProblem(accounts) ? [] : accounts
}
const textsOf = (accounts: ReturnType<typeof readAccounts>) =>
  isProblem(accounts) ? accounts.problem : accounts.map(account => account.address.text)

t.test('portal accounts: a body is one account, or a list of accounts', async t => {
  matchLists(t, accountsOf({ address, aliases: ['j@example.com'], name: ' Jane ', password: ' p w ' }), [
    { path: '', address: { text: address }, aliases: [{ text: 'j@example.com' }], name: 'Jane', password: ' p w ' }
  ])
  matchLists(t, accountsOf({ accounts: [{ address }, { address: 'jim@bücher.example', password: 'ü"<&' }] }), [
    { path: 'accounts[0].', address: { text: address }, aliases: [], name: undefined, password: undefined },
    { path: 'accounts[1].', address: { text: 'jim@xn--bcher-kva.example' }, password: 'ü"<&' }
  ])
})

t.test('portal accounts: an error names its field', async t => {
  const name = 'expected 1 to 100 visible characters on one line'
  const password = 'expected a text of 1 to 256 characters on one line'
  const aliases = 'expected a list of at most 20 mail addresses'
  const keys = 'expected only address, aliases, name, password'
  const list = 'accounts: expected a list of 1 to 20 accounts'
  const many = Array.from({ length: 21 }, (_, at) => `a${at}@example.com`)
  for (const [value, problem] of [
    [7, 'the body must be a JSON object'],
    [null, 'the body must be a JSON object'],
    [[{ address }], 'the body must be a JSON object'],
    [{}, 'address: expected a mail address'],
    [{ address: 7 }, 'address: expected a mail address'],
    [{ address: 'jane' }, 'address: expected a mail address'],
    [{ problem: 'x' }, `the body has an unknown key, ${keys}`],
    [{ address, pasword: 'x' }, `the body has an unknown key, ${keys}`],
    [{ address, name: '' }, `name: ${name}`],
    [{ address, name: null }, `name: ${name}`],
    [{ address, name: 'a\u202eb' }, `name: ${name}`],
    [{ address, password: '' }, `password: ${password}`],
    [{ address, password: 7 }, `password: ${password}`],
    [{ address, password: null }, `password: ${password}`],
    [{ address, password: 'a\nb' }, `password: ${password}`],
    [{ address, password: 'a\ud800' }, `password: ${password}`],
    [{ address, password: 'a\uffff' }, `password: ${password}`],
    [{ address, password: 'x'.repeat(257) }, `password: ${password}`],
    [{ address, aliases: 'j@example.com' }, `aliases: ${aliases}`],
    [{ address, aliases: ['j'] }, `aliases: ${aliases}`],
    [{ address, aliases: many }, `aliases: ${aliases}`],
    [{ address, aliases: ['Jane@example.com'] }, 'aliases: an address occurs twice'],
    [{ accounts: [], address }, 'the body has an unknown key, expected only accounts'],
    [{ accounts: [] }, list],
    [{ accounts: { address } }, list],
    [{ accounts: many.map(each => ({ address: each })) }, list],
    [{ accounts: [{ address }, { address }] }, 'accounts: an address occurs twice'],
    [{ accounts: [{ address }, address] }, 'accounts[1]: expected an object'],
    [{ accounts: [{ address }, { address: 'x' }] }, 'accounts[1].address: expected a mail address'],
    [{ accounts: [{ address, more: 1 }] }, `accounts[0] has an unknown key, ${keys}`],
    [{ accounts: [{ address, password: [] }] }, `accounts[0].password: ${password}`]
  ] as const) {
    t.same(read(value), { problem }, JSON.stringify(value))
  }
  for (const body of [
    undefined,
    Buffer.from('{"address": "s3cret'),
    Buffer.from('{"address": "\xff@a.example"}', 'latin1')
  ]) {
    t.same(readAccounts(body), { problem: 'the body must be JSON in UTF-8' })
  }
})

t.test('portal accounts: accepts the maximum numbers of accounts, aliases and characters', async t => {
  const many = Array.from({ length: 20 }, (_, at) => `a${at}@example.com`)
  t.same(textsOf(read({ accounts: many.map(each => ({ address: each, password: 'x'.repeat(256) })) })), many)
  t.same(textsOf(read({ address, aliases: many })), [address])
})

t.test('portal accounts: a request for a QR code has a format, too', async t => {
  t.match(readQrRequest(encode({ address })), { account: { address: { text: address } }, format: 'svg' })
  t.match(readQrRequest(encode({ address, format: 'text' })), { format: 'text' })
  t.same(readQrRequest(encode({ address, format: 'png' })), { problem: 'format: expected one of svg, text' })
  t.same(readQrRequest(encode({ accounts: [{ address }] })), {
    problem: 'the body has an unknown key, expected only address, aliases, name, password, format'
  })
  t.same(problemOf(readQrRequest(encode([]))), 'the body must be a JSON object')
  t.same(
    problemOf(read({ address, format: 'svg' })),
    'the body has an unknown key, expected only address, aliases, name, password'
  )
})

const canary = 'tr0ub4dor'

/** JSON objects with the right keys, but often wrong values, any of which may be the canary. */
const anyValue = fc.oneof(
  fc.constantFrom(canary, `${canary}\n`, 7, null, true),
  fc.string(),
  fc.array(fc.constant(canary))
)
const anyAccount = fc.oneof(
  fc.record(
    { address: fc.oneof(fc.constant(address), anyValue), aliases: anyValue, name: anyValue, password: anyValue },
    { requiredKeys: [] }
  ),
  fc.dictionary(fc.constantFrom(canary, 'address', 'password', '__proto__'), anyValue),
  anyValue
)
const anyBody = fc.oneof(anyAccount, fc.record({ accounts: fc.oneof(fc.array(anyAccount), anyValue) }))

t.test('portal accounts: no problem repeats anything from the body, not even a key', async () => {
  const check = (body: Buffer) => {
    for (const answer of [readAccounts(body), readQrRequest(body)]) {
      if (isProblem(answer)) assert.doesNotMatch(answer.problem, new RegExp(canary))
    }
  }
  fc.assert(fc.property(anyBody, body => check(encode(body))))
  fc.assert(fc.property(fc.string(), text => check(Buffer.from(`{"password": "${canary}"${text}`))))
})

t.test('portal openapi: allows all valid bodies, and describes their limits', async () => {
  const { Account, Accounts, QrRequest } = portalOpenapi.components.schemas
  const account = Compile(Account)
  const accounts = Compile({
    ...Accounts,
    properties: { accounts: { ...Accounts.properties.accounts, items: Account } }
  })
  const qr = Compile(QrRequest)
  fc.assert(
    fc.property(anyBody, body => {
      if (!isProblem(read(body))) assert(account.Check(body) || accounts.Check(body), JSON.stringify(body))
      if (!isProblem(readQrRequest(encode(body)))) assert(qr.Check(body), JSON.stringify(body))
    })
  )
})
