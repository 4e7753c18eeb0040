import t from 'tap'
import { isHostName } from '../../../src/clients/thunderbird/values.ts'

t.test('accepts names of letters, digits and hyphens, and IP addresses', async t => {
  for (const text of ['a', 'example.com', 'EXAMPLE.com.', 'xn--mnchen-3ya.example', '1.example', '192.0.2.1', '::1']) {
    t.ok(isHostName(text), text)
  }
  t.ok(isHostName(`${'a'.repeat(63)}.example`))
})

t.test('rejects other letters, hyphens at the ends, empty or long labels, long names and zones', async t => {
  for (const text of ['', '.', 'a b', ' a', 'a_b', '-a', 'a-', 'a..b', 'münchen.example', '[::1]', 'fe80::1%eth0']) {
    t.notOk(isHostName(text), text)
  }
  t.notOk(isHostName(`${'a'.repeat(64)}.example`))
  t.notOk(isHostName('a.'.repeat(128)))
})
