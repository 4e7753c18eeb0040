import t from 'tap'
import { exchangerDomains } from '../../../src/clients/dns/exchanger-domains.ts'

const domains = (exchange: string, mailDomain = 'example.com') =>
  exchangerDomains([{ priority: 10, exchange }], mailDomain)

t.test('returns the parent of the exchanger and its base domain', async t => {
  t.same(domains('mx1.mail.example.net'), ['mail.example.net', 'example.net'])
  t.same(domains('MX1.eu.mail.example.net.'), ['eu.mail.example.net', 'example.net'])
})

t.test('returns the base domain once', async t => {
  t.same(domains('mx1.example.net'), ['example.net'])
  t.same(domains('example.net'), ['example.net'])
})

t.test('returns nothing if the base domain is the mail domain', async t => {
  t.same(domains('mx1.mail.example.com'), [])
})

t.test('returns the parent if the mail domain is below the base domain', async t => {
  t.same(domains('mx1.mail.example.net', 'mail.example.net'), ['mail.example.net', 'example.net'])
})

t.test('treats the usual second-level domains of countries as public suffixes', async t => {
  t.same(domains('mx1.example.co.uk'), ['example.co.uk'])
  t.same(domains('a.mx.example.com.au'), ['mx.example.com.au', 'example.com.au'])
  t.same(domains('co.uk'), [])
})

t.test('returns nothing for one label, an address, or a null MX', async t => {
  t.same(domains('localhost'), [])
  t.same(domains('192.0.2.1'), [])
  t.same(domains('.'), [])
  t.same(exchangerDomains([], 'example.com'), [])
})

t.test('uses the first exchanger with the lowest preference number', async t => {
  const record = (priority: number, exchange: string) => ({ priority, exchange })
  const records = [record(20, 'mx.c.example'), record(10, 'mx.a.example'), record(10, 'mx.b.example'), record(0, '')]
  t.same(exchangerDomains(records, 'example.com'), ['a.example'])
})
