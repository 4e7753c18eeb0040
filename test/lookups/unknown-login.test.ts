import fc from 'fast-check'
import t from 'tap'
import { createUnknownLogin, readUsersSecret } from '../../src/lookups/unknown-login.ts'
import { anyAddressAt } from '../support/arbitraries/address.ts'

const secret = 'sixteen letters.'

t.test('unknown login: follows the pattern, is always the same, and differs with another key', async () => {
  fc.assert(
    fc.property(anyAddressAt(fc.constant('example.com')), fc.string({ minLength: 1 }), ({ text, localPart }, key) => {
      const unknown = '%EMAILLOCALPART%:u#####:?:%EMAILDOMAIN%'
      const [name = '', digits = '', letter = '', domain] = createUnknownLogin(
        { unknown },
        key
      )(text)
        .username.split(':')
        .slice(-4)
      const letters = (secret: string) => createUnknownLogin({ unknown: '?'.repeat(64) }, secret)(text).username
      return (
        name === (localPart.split(':').at(-1) ?? '') &&
        /^u\d{5}$/.test(digits) &&
        /^[a-z]$/.test(letter) &&
        domain === 'example.com' &&
        /^[a-z]{64}$/.test(letters(key)) &&
        new Set([letters(key), letters(key), letters(`${key}.`)]).size === 2
      )
    })
  )
})

t.test('unknown login: all digits and letters are equally likely', async t => {
  const name = createUnknownLogin({ unknown: '#?' }, secret)
  const counts = new Map<string, number>()
  for (let at = 0; at < 26_000; at++) {
    for (const sign of name(`${at}@example.com`).username) counts.set(sign, (counts.get(sign) ?? 0) + 1)
  }
  t.equal(counts.size, 36)
  // Why so wide: these are six standard deviations, and the key is fixed.
  for (const [sign, count] of counts) {
    const [mean, most] = /\d/.test(sign) ? [2600, 290] : [1000, 186]
    t.ok(Math.abs(count - mean) < most, `${sign}: ${count}`)
  }
})

t.test('unknown login: the names of single protocols share their digits with the name for all of them', async t => {
  const unknownNames = { imap_username: 'EXAMPLE\\u####', smtp_username: '%EMAILADDRESS%', dav_username: 'u####%%a' }
  const names = createUnknownLogin({ unknown: 'u####', unknownNames }, secret)('jane@example.com')
  t.match(names.username, /^u\d{4}$/)
  t.same(names, {
    username: names.username,
    imap_username: `EXAMPLE\\${names.username}`,
    smtp_username: 'jane@example.com',
    dav_username: `${names.username}%a`
  })
})

t.test('users secret: is read from a file or the environment, and must be long enough', async t => {
  const folder = t.testdir({ good: `${secret}\n`, short: 'hunter2\n' })
  const users = { type: 'sqlite', query: '', unknown: 'u#' } as const
  const read = (changes: object, env = {}) => readUsersSecret({ ...users, ...changes }, { folder, env })
  const what = 'expected 16 characters or more, such as openssl rand -base64 32 makes'
  t.same(read({ secretFile: 'good' }), { secret })
  t.same(read({}, { SIGNPOST_USERS_SECRET: secret }), { secret })
  t.same(read({ unknown: 'nobody' }), { secret: '' })
  t.same(read({ unknown: 'nobody', unknownNames: { imap_username: 'i' } }), { secret: '' })
  t.match(read({ unknown: 'nobody', unknownNames: { imap_username: 'i#' } }), { problem: /SIGNPOST_USERS_SECRET/ })
  t.same(read({ secretFile: 'short' }), { problem: `found 7 characters, ${what}` })
  t.same(read({ secretFile: 'none' }), { problem: 'cannot read the file: no such file' })
  t.same(read({}), { problem: `found neither secretFile nor SIGNPOST_USERS_SECRET, ${what}` })
  t.same(read({}, { SIGNPOST_USERS_SECRET: 'hunter2' }), {
    problem: `found 7 characters in SIGNPOST_USERS_SECRET, ${what}`
  })
})
