import t from 'tap'
import { foreign } from '../../../src/console/frame/foreign.ts'

t.test('foreign text: is shortened, and invisible characters are escaped', async t => {
  t.equal(foreign('imap.example.com'), 'imap.example.com')
  t.equal(foreign('a\u202eb\u0085c\n'), 'a\\u{202e}b\\u{85}c\\u{a}')
  t.equal(foreign('x'.repeat(100_000)).length, 301)
})
