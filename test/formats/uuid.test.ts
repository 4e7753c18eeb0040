import fc from 'fast-check'
import t from 'tap'
import { uuidOfUrl } from '../../src/formats/uuid.ts'
import { anyCharacter } from '../support/arbitraries/character.ts'

// Computed by Python 3.11: uuid.uuid5(uuid.NAMESPACE_URL, url)
for (const [url, uuid] of [
  ['http://www.example.com/', 'FCDE3C85-2270-590F-9E7C-EE003D65E0E2'],
  ['mailto:jane@example.com', '44B7EC1A-22D8-59F3-81FF-9417CF485DF8'],
  ['https://example.com/bücher?q=1#f', 'C2E87C7B-1C4C-5824-B63B-CE8178849118'],
  ['', '1B4DB7EB-4057-5DDF-91E0-36DEC72071F5']
] as const) {
  t.test(`the UUID of ${url} equals the one that Python computes`, async t => t.equal(uuidOfUrl(url), uuid))
}

t.test('RFC 9562 5.5: version 5, variant 10, capital letters', async () => {
  fc.assert(
    fc.property(fc.string({ unit: anyCharacter }), url =>
      /^[0-9A-F]{8}-[0-9A-F]{4}-5[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12}$/.test(uuidOfUrl(url))
    )
  )
})

t.test('the same URL has the same UUID, and different URLs have different ones', async () => {
  const url = fc.string({ unit: 'grapheme', maxLength: 3 })
  fc.assert(fc.property(url, url, (one, other) => (uuidOfUrl(one) === uuidOfUrl(other)) === (one === other)))
})
