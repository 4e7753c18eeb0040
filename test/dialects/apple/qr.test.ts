import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { apple } from '../../../src/dialects/apple/profile.ts'
import { appleQr } from '../../../src/dialects/apple/qr.ts'
import { anyAddressAt } from '../../support/arbitraries/address.ts'
import { anyTable } from '../../support/arbitraries/table.ts'
import { anyText } from '../../support/arbitraries/text.ts'
import { answerOf } from '../../support/dialects/answer-of.ts'
import { qrSubject } from '../../support/dialects/qr-subject.ts'
import { tableOf } from '../../support/table-of.ts'

const table = tableOf(`
providers:
  - id: example
    name: Example
    domains: [example.com, bücher.example]
    servers:
      - { protocol: imap, host: imap.example.com }
      - { protocol: smtp, host: smtp.example.com }
  - id: without
    name: Without
    domains: [without.example]
    dialects: { apple: false }
    servers:
      - { protocol: imap, host: imap.example.com }
      - { protocol: smtp, host: smtp.example.com }
`)

t.test('apple-qr: is the https URL of the profile', async t => {
  t.same(appleQr(qrSubject(table, 'jane+tag@example.com'), undefined), {
    payload: 'https://autoconfig.example.com/email.mobileconfig?email=jane%2Btag%40example.com'
  })
  t.same(appleQr(qrSubject(table, 'é&f@bücher.example', ' Jane Dœ '), 'https://signpost.example.net'), {
    payload:
      'https://signpost.example.net/email.mobileconfig?email=%C3%A9%26f%40xn--bcher-kva.example&name=Jane%20D%C5%93'
  })
})

t.test('apple-qr: says why there can be no code', async t => {
  t.same(appleQr(qrSubject(table, 'jane@without.example'), undefined), {
    reason: 'there is no Apple profile for this domain'
  })
  for (const name of ['', 'a\nb', '\ud800', 'x'.repeat(101)]) {
    t.same(appleQr(qrSubject(table, 'jane@example.com', name), undefined), {
      reason: 'the name must be 1 to 100 visible characters on one line'
    })
  }
})

t.test('apple-qr: any code leads to the profile of the person', async () => {
  const anybody = anyTable.chain(({ table, domain }) =>
    fc.record({ table: fc.constant(table), address: anyAddressAt(fc.constant(domain)), name: anyText(100) })
  )
  fc.assert(
    fc.property(anybody, ({ table, address, name }) => {
      const subject = qrSubject(table, address.text, name)
      const code = appleQr(subject, undefined)
      if ('reason' in code) return
      assert.match(code.payload, /^[\x21-\x7e]+$/)
      const { origin, hostname: host, pathname: url, search } = new URL(code.payload)
      assert.equal(origin, `https://autoconfig.${address.domain}`)
      const profile = answerOf(apple, table, { url, query: search.slice(1), host })
      assert.equal(profile?.status, 200)
      assert.equal(
        profile?.body,
        answerOf(apple, table, { query: new URLSearchParams({ email: address.text, name }).toString() })?.body
      )
    })
  )
})
