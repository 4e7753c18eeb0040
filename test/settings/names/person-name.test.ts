import t from 'tap'
import { toPersonName } from '../../../src/settings/names/person-name.ts'

t.test('person name: is what people are called, without white space around it', async t => {
  for (const name of ['Jane', "Seán O'Neill", 'می\u200cخواهم', '\u{1f468}\u200d\u{1f680}', 'x'.repeat(100)]) {
    t.equal(toPersonName(` ${name}\n`), name)
  }
  t.equal(toPersonName('\u{1f4eb}'.repeat(100)), '\u{1f4eb}'.repeat(100), 'characters are counted, not units')
})

t.test('person name: has no override of the direction and nothing else that is invisible', async t => {
  const refused = [
    ...['\u202a', '\u202b', '\u202c', '\u202d', '\u202e', '\u2066', '\u2067', '\u2068', '\u2069'],
    ...['\u200b', '\u200e', '\u200f', '\u061c', '\u2060', '\u2064', '\u206a', '\ufeff', '\u00ad', '\u034f'],
    ...['\u115f', '\u1160', '\u3164', '\uffa0', '\u180e', '\ufff9', '\u{e0001}', '\u{e0041}', '\u{1d173}']
  ]
  for (const character of refused) {
    t.equal(toPersonName(`Jane${character}Doe`), undefined, `${character.codePointAt(0)?.toString(16)}`)
  }
  t.equal(toPersonName('\u200d\u200c\ufe0f'), undefined, 'nothing to see')
  for (const name of ['葛\u{e0100}城', '\u2764\ufe0f', 'שרה כהן', 'محمد']) t.equal(toPersonName(name), name)
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
