import fc from 'fast-check'
import t from 'tap'
import { toLogin, toUserKey, userReading } from '../../src/lookups/user.ts'
import { toAddress } from '../../src/settings/question/address.ts'
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

t.test('user: the key function is idempotent', async () => {
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

t.test('login: any user name that can be typed is served, all others are rejected', async t => {
  for (const username of [
    'u1234567',
    'jane@example.com',
    'EXAMPLE\\jane',
    'Jäne Doe',
    '100%',
    'a%b',
    'x'.repeat(254)
  ]) {
    t.same(toLogin({ names: { username }, displayName: 'Jane' }, []), { lookedUpNames: { username } })
  }
  for (const username of ['%EMAILADDRESS%', 'a%%', '%a%', 'a\nb', 'a\u202eb', 'a\0', 'ü'.repeat(128), 'a\ud800']) {
    const login = toLogin({ names: { username }, displayName: undefined }, [])
    t.match(login, { problem: /^found a / }, JSON.stringify(username))
  }
  const problem = 'found rows of one address that differ, expected one row'
  t.same(toLogin({ names: {}, displayName: undefined, problem }, []), { problem })
  t.same(toLogin({ names: {}, displayName: undefined }, []), { problem: 'found no username, expected one' })
})

t.test('login: names of single protocols are served only if unknown mailboxes have them, too', async t => {
  const names = { username: 'u1', imap_username: 'i1', dav_username: 'd1' }
  const user = { names, displayName: undefined }
  t.same(toLogin(user, ['imap_username', 'dav_username']), { lookedUpNames: names })
  t.same(toLogin(user, ['imap_username']), {
    problem: 'found a dav_username, expected users.unknownNames to have one, too'
  })
  t.same(toLogin(user, ['imap_username', 'smtp_username', 'dav_username']), {
    problem: 'found no smtp_username, expected one'
  })
  t.same(toLogin({ ...user, names: { username: 'u1', smtp_username: 'a\nb' } }, ['smtp_username']), {
    problem: 'found a smtp_username with invisible characters, expected none of them'
  })
  t.same(toLogin({ ...user, names: { username: 'm\ufffdller' } }, []), {
    problem: 'found a username that is not UTF-8, expected it in this encoding'
  })
})
