import t from 'tap'
import { toPersonName } from '../../src/settings/person-name.ts'

t.test('person name: is what people are called, without white space around it', async t => {
  for (const name of ['Jane', "Seán O'Neill", 'می\u200cخواهم', '\u{1f468}\u200d\u{1f680}', 'x'.repeat(100)]) {
    t.equal(toPersonName(` ${name}\n`), name)
  }
  t.equal(toPersonName('\u{1f4eb}'.repeat(100)), '\u{1f4eb}'.repeat(100), 'characters are counted, not units')
})

t.test('person name: is not empty, not over several lines, not too long', async t => {
  for (const text of [
    '',
    ' ',
    'a\nb',
    'a\rb',
    'a\u2028b',
    'a\u2029b',
    'a\0b',
    'a\u001bb',
    '\ud800',
    '\uffff',
    'x'.repeat(101)
  ]) {
    t.equal(toPersonName(text), undefined)
  }
})
