import fc from 'fast-check'
import t from 'tap'
import { toLogin, toUserKey, userReading } from '../../src/lookups/user.ts'
import { toAddress } from '../../src/settings/address.ts'
import { anyAddressAt } from '../support/arbitraries/address.ts'

t.test('user: the key of an address is in lower case and NFC, with its domain as A-labels', async t => {
  for (const [text, name] of [
    ['Jane.Doe+Tag@Bücher.example', 'jane.doe+tag@xn--bcher-kva.example'],
    ['JA\u0308NE@example.com', 'j\u00e4ne@example.com'],
    ['\u212aim@example.com', 'kim@example.com'],
    ['SMTP:Jane@example.com', 'jane@example.com'],
    ['jane', undefined],
    ['smtp:jane', undefined],
    ['', undefined]
  ] as const) {
    t.equal(userReading.toName(text), name)
  }
})

t.test('user: the key of a key is the same key', async () => {
  fc.assert(
    fc.property(anyAddressAt(fc.constant('example.com')), address => {
      const name = toUserKey(address)
      return userReading.toName(name) === name || toAddress(name) === undefined
    })
  )
})

t.test('user: a tag begins at the first delimiter, but not at the first character', async t => {
  for (const [text, name] of [
    ['Jane+a+b@example.com', 'jane@example.com'],
    ['jane-a+b@example.com', 'jane@example.com'],
    ['+jane+a@example.com', '+jane@example.com'],
    ['😀+a@example.com', '😀@example.com'],
    ['jane@example.com', 'jane@example.com']
  ] as const) {
    const address = toAddress(text)
    t.equal(address && toUserKey(address, '-+'), name, text)
  }
})

t.test('login: any user name that can be typed is served, all others are refused', async t => {
  for (const username of [
    'u1234567',
    'jane@example.com',
    'EXAMPLE\\jane',
    'Jäne Doe',
    '100%',
    'a%b',
    'x'.repeat(254)
  ]) {
    t.same(toLogin({ username, displayName: 'Jane' }), { login: username })
  }
  for (const username of ['', '%EMAILADDRESS%', 'a%%', '%a%', 'a\nb', 'a\u202eb', 'a\0', 'ü'.repeat(128), 'a\ud800']) {
    t.match(toLogin({ username, displayName: undefined }), { problem: /^found / }, JSON.stringify(username))
  }
  const problem = 'found rows of one address that differ, expected one row'
  t.same(toLogin({ username: undefined, displayName: undefined, problem }), { problem })
})
