import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { readPropertyList } from '../../../src/clients/xml/property-list.ts'
import { type Plist, type PlistDictionary, writePlist } from '../../../src/formats/plist.ts'
import { anyText } from '../../support/arbitraries/text.ts'

const read = (value: string) => readPropertyList(`<plist><dict><key>k</key>${value}</dict></plist>`)?.k

t.test('reads back every property list', async () => {
  const { dictionary } = fc.letrec<{ value: Plist; dictionary: PlistDictionary }>(tie => ({
    value: fc.oneof(
      { maxDepth: 3 },
      anyText(20),
      fc.integer(),
      fc.boolean(),
      tie('dictionary'),
      fc.array(tie('value'))
    ),
    dictionary: fc.dictionary(anyText(20), tie('value'), { noNullPrototype: true })
  }))
  fc.assert(fc.property(dictionary, root => assert.deepStrictEqual(readPropertyList(writePlist(root)), root)))
})

t.test('reads every type', async t => {
  t.equal(read('<string> a&amp;b </string>'), ' a&b ')
  t.equal(read('<data>AA==</data>'), 'AA==')
  t.equal(read('<date>2026-01-01T00:00:00Z</date>'), '2026-01-01T00:00:00Z')
  t.equal(read('<integer> 993 </integer>'), 993)
  t.equal(read('<real>1.5e1</real>'), 15)
  t.equal(read('<true/>'), true)
  t.equal(read('<false/>'), false)
  t.same(read('<array><string>a</string><array/></array>'), ['a', []])
  t.same(read('<dict/>'), {})
})

t.test('rejects the whole list for one value that the DTD does not allow', async t => {
  for (const value of [
    '<integer/>',
    '<integer>1.5</integer>',
    '<real>x</real>',
    '<number>1</number>',
    '<array><integer/></array>',
    '',
    '<string>a</string><string>b</string>',
    '<string>a</string><key>b</key>'
  ]) {
    t.equal(readPropertyList(`<plist><dict><key>k</key>${value}</dict></plist>`), undefined, value)
  }
})

t.test('reads one dictionary in a plist, and nothing else', async t => {
  for (const xml of [
    '',
    '<plist/>',
    '<plist><array/></plist>',
    '<plist><dict/><dict/></plist>',
    '<dict/>',
    '<plist><dict></plist>',
    '<!DOCTYPE plist [<!ENTITY a "b">]><plist><dict/></plist>'
  ]) {
    t.equal(readPropertyList(xml), undefined, xml)
  }
})
