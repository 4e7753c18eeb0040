import fc from 'fast-check'
import t from 'tap'
import { decodeAddressAgain, percentDecode, queryValue } from '../../src/formats/query.ts'

const name = fc.constantFrom('email', 'Email', 'EMAIL', 'emailaddress', 'name', 'mail', 'e', '')
const value = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('a+b@example.com', 'x=y', '%41', ' '))
const pairs = fc.array(fc.tuple(name, value), { maxLength: 5 })

t.test('queryValue: agrees with URLSearchParams about encoded queries', async () => {
  fc.assert(
    fc.property(pairs, pairs => {
      const query = pairs.map(pair => pair.map(encodeURIComponent).join('=')).join('&')
      const entries = [...new URLSearchParams(query)]
      const first = entries.find(([name]) => name.toLowerCase() === 'email')
      return queryValue(query, 'email') === first?.[1]
    })
  )
})

t.test('queryValue: agrees with URLSearchParams about raw queries, except for plus signs', async () => {
  const raw = fc.stringMatching(/^[A-Za-z0-9@.+_=-]*$/)
  fc.assert(
    fc.property(raw, raw => {
      const plain = new URLSearchParams(`email=${raw.replaceAll('+', '%2B')}`).get('email')
      return queryValue(`email=${raw}`, 'email') === plain
    })
  )
})

t.test('queryValue: never throws for any query', async () => {
  const token = fc.constantFrom(
    'email',
    '=',
    '&',
    '%',
    '%4',
    '%40',
    '%zz',
    '%ff',
    '%ed%a0%80',
    '+',
    '?',
    '#',
    '\0',
    'ü'
  )
  fc.assert(
    fc.property(fc.string({ unit: token }), query => {
      const found = queryValue(query, 'email')
      return found === undefined || typeof found === 'string'
    })
  )
})

t.test('queryValue: keeps a plus sign, which FairEmail and Nextcloud Mail send unescaped', async t => {
  t.equal(queryValue('email=a+b@example.com', 'email'), 'a+b@example.com')
  t.equal(queryValue('email=a%2Bb%40example.com', 'email'), 'a+b@example.com')
})

t.test('queryValue: uses the first parameter of the name, in any letter case', async t => {
  t.equal(queryValue('x=0&EMail=1&email=2', 'email'), '1')
  t.equal(queryValue('email=', 'email'), '')
})

t.test('queryValue: finds nothing in a query without the name, or with broken encoding', async t => {
  for (const query of ['', 'email', 'emails=1', 'mail=1', 'email=%', 'email=%ff', 'email=%e2%82']) {
    t.equal(queryValue(query, 'email'), undefined, query)
  }
})

t.test('queryValue: reads plus signs as spaces in the form of a browser', async t => {
  t.equal(queryValue('name=Jane+Doe%2B', 'name', { plusIsSpace: true }), 'Jane Doe+')
})

t.test('percentDecode: reverses encodeURIComponent', async () => {
  fc.assert(fc.property(fc.string({ unit: 'grapheme' }), text => percentDecode(encodeURIComponent(text)) === text))
})

t.test('percentDecode: keeps text that is not encoded, including plus signs', async t => {
  t.equal(percentDecode('a+b@example.com'), 'a+b@example.com')
})

t.test('percentDecode: is undefined for a broken encoding', async t => {
  for (const text of ['%', '%4', '%zz', '%ff', '%ed%a0%80', 'a%']) t.equal(percentDecode(text), undefined, text)
})

t.test(
  'decodeAddressAgain: decodes an address once more if its @ or domain is encoded, and changes nothing else',
  async t => {
    for (const [text, expected] of [
      ['me%40example.com', 'me@example.com'],
      ['me%2Btag%40b%C3%BCcher.example', 'me+tag@bücher.example'],
      ['me@b%C3%BCcher.example', 'me@bücher.example'],
      ['j%C3%B6rg+a@b%C3%BCcher.example', 'jörg+a@bücher.example'],
      ['me@example%2Ecom', 'me@example.com'],
      ['me@example%2ecom%zz', 'me@example%2ecom%zz'],
      ['me%2540example.com', 'me%2540example.com'],
      ['me%40relay.example@example.com', 'me%40relay.example@example.com'],
      ['me%40example.com%zz', 'me%40example.com%zz'],
      ['100%', '100%'],
      ['', '']
    ] as const) {
      t.equal(decodeAddressAgain(text), expected, text)
    }
  }
)
