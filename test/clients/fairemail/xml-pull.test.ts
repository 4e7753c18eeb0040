import t from 'tap'
import { pullXml } from '../../../src/clients/fairemail/xml-pull.ts'

t.test('returns the text at the beginning of an element in one piece', async t => {
  t.same(pullXml('<!DOCTYPE a><a type="b"> x&amp;<![CDATA[y]]><!-- z --><c/>after</a>'), [
    { kind: 'start', name: 'a', type: 'b', text: ' x&y' },
    { kind: 'start', name: 'c', type: undefined, text: undefined },
    { kind: 'end', name: 'c' },
    { kind: 'end', name: 'a' }
  ])
})

t.test('returns nothing if the document is not well-formed', async t => {
  t.equal(pullXml('<a>'), undefined)
})
