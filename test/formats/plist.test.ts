import assert from 'node:assert/strict'
import fc from 'fast-check'
import { parse } from 'plist'
import t from 'tap'
import { type Plist, type PlistDictionary, writePlist } from '../../src/formats/plist.ts'
import { anyText } from '../support/arbitraries/text.ts'

t.test('plist: writes every type, and leaves out keys without a value', async t => {
  t.equal(
    writePlist({ text: 'a<b', number: 993, yes: true, no: false, none: undefined, list: ['x', { k: 1 }], empty: [] }),
    `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>text</key>
  <string>a&lt;b</string>
  <key>number</key>
  <integer>993</integer>
  <key>yes</key>
  <true/>
  <key>no</key>
  <false/>
  <key>list</key>
  <array>
    <string>x</string>
    <dict>
      <key>k</key>
      <integer>1</integer>
    </dict>
  </array>
  <key>empty</key>
  <array>
  </array>
</dict>
</plist>
`
  )
})

t.test('plist: an independent parser reads the same tree', async () => {
  const text = anyText(20)
  const { dictionary } = fc.letrec<{ value: Plist; dictionary: PlistDictionary }>(tie => ({
    value: fc.oneof({ maxDepth: 3 }, text, fc.integer(), fc.boolean(), tie('dictionary'), fc.array(tie('value'))),
    dictionary: fc.dictionary(text, tie('value'), { noNullPrototype: true })
  }))
  fc.assert(fc.property(dictionary, root => assert.deepStrictEqual(parse(writePlist(root)), root)))
})
