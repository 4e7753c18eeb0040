import t from 'tap'
import { readScopedXml, scopedChildren, scopedText } from '../../../src/clients/outlook/scoped-xml.ts'

const root = (xml: string) => readScopedXml(xml, 'urn:a', 'root')
const texts = (xml: string) => {
  const element = root(xml)
  return element && scopedChildren(element, 'urn:b', 'child').map(({ tree }) => tree.children)
}

t.test('compares names by namespace, regardless of the prefix', async t => {
  t.same(texts('<root xmlns="urn:a"><child xmlns="urn:b">1</child></root>'), [['1']])
  t.same(texts('<x:root xmlns:x="urn:a" xmlns="urn:b"><child>1</child></x:root>'), [['1']])
  t.same(texts('<x:root xmlns:x="urn:a" xmlns:y="urn:b"><y:child>1</y:child><y:child>2</y:child></x:root>'), [
    ['1'],
    ['2']
  ])
})

t.test('finds nothing of the same name in another namespace', async t => {
  t.same(texts('<root xmlns="urn:a"><child>1</child></root>'), [])
  t.same(texts('<root xmlns="urn:a"><y:child>1</y:child></root>'), [])
  t.equal(root('<root xmlns="urn:A"/>'), undefined)
  t.equal(root('<root/>'), undefined)
  t.equal(root('<other xmlns="urn:a"/>'), undefined)
  t.equal(root('<root xmlns="urn:a">'), undefined)
})

t.test('declarations end with their element', async t => {
  t.same(texts('<root xmlns="urn:a"><x xmlns="urn:b"/><child>1</child></root>'), [])
})

t.test('reads the text of the first child', async t => {
  const element = root('<root xmlns="urn:a"><child> 1 </child><child>2</child></root>')
  t.equal(element && scopedText(element, 'urn:a', 'child'), ' 1 ')
  t.equal(element && scopedText(element, 'urn:a', 'other'), undefined)
})

t.test('distinguishes names with and without a namespace', async t => {
  const element = readScopedXml('<root><child>1</child></root>', '', 'root')
  t.equal(element && scopedText(element, '', 'child'), '1')
})
