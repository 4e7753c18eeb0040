import t from 'tap'
import { blankDoctype, hasDeclarations, withoutDoctype } from '../../src/formats/doctype.ts'

const plain = '<?xml version="1.0"?>\n<!doctype html\nSYSTEM "x">\n<a/>'
const own = '<!DOCTYPE a [<!ELEMENT a ANY>]><a/>'

t.test('doctype: is removed, in any letter case', async t => {
  t.equal(withoutDoctype(plain), '<?xml version="1.0"?>\n\n<a/>')
  t.equal(withoutDoctype('<a/>'), '<a/>')
})

t.test('doctype: becomes spaces, so that what follows keeps its line and column', async t => {
  t.equal(blankDoctype('a <!DOCTYPE b\nc> d'), 'a            \n   d')
  t.equal(blankDoctype('<a/>'), '<a/>')
})

t.test('doctype: one with declarations, or without an end, stays', async t => {
  for (const text of [own, '<!DOCTYPE a', '<!DOCTYPE a <!DOCTYPE b [', `${own}<!DOCTYPE a>`]) {
    t.equal(withoutDoctype(text), text)
    t.equal(blankDoctype(text), text)
  }
})

t.test('doctype: declarations are recognised', async t => {
  t.ok(hasDeclarations(own))
  t.ok(hasDeclarations('<!entity a "b">'))
  t.notOk(hasDeclarations(plain))
  t.notOk(hasDeclarations('<a/>'))
})
