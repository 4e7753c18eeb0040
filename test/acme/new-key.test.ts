import { createPrivateKey } from 'node:crypto'
import t from 'tap'
import { newKey } from '../../src/acme/new-key.ts'

t.test('new key: is on P-256, which every authority accepts, and another one each time', async t => {
  const { asymmetricKeyDetails } = createPrivateKey(newKey())
  t.same(asymmetricKeyDetails, { namedCurve: 'prime256v1' })
  t.not(newKey(), newKey())
})
