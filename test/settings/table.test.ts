import fc from 'fast-check'
import t from 'tap'
import { createTable } from '../../src/settings/table.ts'
import { exampleProvider } from '../support/settings/example.ts'
import { anyAsciiDomain } from '../support/settings/typed.ts'

/** @param providers id → domains */
const tableOf = (providers: Record<string, string[]>) =>
  createTable({ providers: Object.entries(providers).map(([id, domains]) => exampleProvider({ id, domains })) })

/** @param providers id → names of mail exchangers */
const tableOfExchangers = (providers: Record<string, string[]>) =>
  createTable({
    providers: Object.entries(providers).map(([id, mx]) => exampleProvider({ id, domains: [`${id}.example`], mx }))
  })

t.test('createTable: keeps the settings, and the providers in their order', async t => {
  const settings = { providers: [exampleProvider({ id: 'b' }), exampleProvider({ id: 'a' })] }
  const table = createTable(settings)
  t.equal(table.settings, settings)
  t.same(
    table.providers.map(({ id }) => id),
    ['b', 'a']
  )
})

t.test('find: finds a domain by its name in any form that the table has', async t => {
  const table = tableOf({ a: ['Example.COM.', 'müller.example'], b: ['xn--fa-hia.example'] })
  for (const [domain, id] of [
    ['example.com', 'a'],
    ['xn--mller-kva.example', 'a'],
    ['xn--fa-hia.example', 'b'],
    ['www.example.com', undefined],
    ['com', undefined]
  ] as const) {
    t.equal(table.find(domain)?.id, id, domain)
  }
})

t.test('find: a wildcard matches every domain below it at any depth, and not its parent', async t => {
  const table = tableOf({ a: ['*.Example.com', '*.müller.example'] })
  for (const domain of ['a.example.com', 'a.b.c.example.com', 'a.xn--mller-kva.example']) {
    t.equal(table.find(domain)?.id, 'a', domain)
  }
  for (const domain of ['example.com', 'aexample.com', 'example.com.org', 'xn--mller-kva.example']) {
    t.equal(table.find(domain), undefined, domain)
  }
})

t.test('find: a name precedes a wildcard, and a longer wildcard a shorter one, in any order', async t => {
  const providers = { far: ['*.example.com'], name: ['x.a.example.com'], near: ['*.a.example.com'] }
  const reversed = Object.fromEntries(Object.entries(providers).reverse())
  for (const table of [tableOf(providers), tableOf(reversed)]) {
    t.equal(table.find('x.a.example.com')?.id, 'name')
    t.equal(table.find('y.x.a.example.com')?.id, 'near')
    t.equal(table.find('y.a.example.com')?.id, 'near')
    t.equal(table.find('a.example.com')?.id, 'far')
  }
})

t.test('find: the default provider is the fallback, and is not found by a domain', async t => {
  const table = tableOf({ a: ['example.com'], rest: ['*'] })
  t.equal(table.fallback?.id, 'rest')
  t.equal(table.find('elsewhere.example'), undefined)
  t.equal(tableOf({ a: ['example.com'] }).fallback, undefined)
})

t.test('find: agrees with trying every pattern in turn', async () => {
  const parts = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 4 }).map(labels => labels.join('.'))
  const pattern = fc.oneof(
    parts,
    parts.map(parent => `*.${parent}`)
  )
  fc.assert(
    fc.property(fc.uniqueArray(pattern, { minLength: 1, maxLength: 6 }), parts, (patterns, domain) => {
      const longest = patterns
        .filter(name => name === domain || (name.startsWith('*') && domain.endsWith(name.slice(1))))
        .sort((a, b) => Number(b === domain) - Number(a === domain) || b.length - a.length)[0]
      const table = tableOf(Object.fromEntries(patterns.map(name => [`id-${name}`, [name]])))
      return table.find(domain)?.id === (longest && `id-${longest}`)
    })
  )
})

t.test('findExchanger: finds a mail exchanger, by name and by wildcard', async t => {
  const table = tableOfExchangers({ a: ['MX1.Example.net.', '*.müller.example'] })
  for (const [host, id] of [
    ['mx1.example.net', 'a'],
    ['mx1.xn--mller-kva.example', 'a'],
    ['a.b.xn--mller-kva.example', 'a'],
    ['mx2.example.net', undefined],
    ['x.mx1.example.net', undefined]
  ] as const) {
    t.equal(table.findExchanger(host)?.id, id, host)
  }
})

t.test('findExchanger: finds parents of a mail exchanger, down to two labels', async t => {
  const table = tableOfExchangers({ a: ['mx1.eu.mail.example.net'], b: ['*.mx.example.org'], c: ['example.com'] })
  for (const [host, id] of [
    ['eu.mail.example.net', 'a'],
    ['mail.example.net', 'a'],
    ['example.net', 'a'],
    ['net', undefined],
    ['mx.example.org', 'b'],
    ['example.org', 'b'],
    ['org', undefined],
    ['example.com', 'c'],
    ['com', undefined]
  ] as const) {
    t.equal(table.findExchanger(host)?.id, id, host)
  }
})

t.test('findExchanger: of two providers with exchangers in one domain, the first has the domain', async t => {
  const table = tableOfExchangers({ a: ['mx1.example.net'], b: ['mx2.example.net'] })
  t.equal(table.findExchanger('example.net')?.id, 'a')
  t.equal(table.findExchanger('mx2.example.net')?.id, 'b')
})

t.test('findExchanger: a mail exchanger precedes the parent of another', async t => {
  const table = tableOfExchangers({ a: ['mx1.mail.example.net'], b: ['mail.example.net'] })
  t.equal(table.findExchanger('mail.example.net')?.id, 'b')
})

t.test('findExchanger: knows every exchanger of the table, and all of its parents that have a dot', async t => {
  fc.assert(
    fc.property(anyAsciiDomain, host => {
      const table = tableOfExchangers({ a: [host] })
      const labels = host.split('.')
      const parents = labels.slice(1, -1).map((_, skip) => labels.slice(skip + 1).join('.'))
      for (const name of [host, ...parents]) t.equal(table.findExchanger(name)?.id, 'a', name)
    })
  )
})

t.test('findMx: finds an exchanger by name or pattern, and not by a parent of one', async t => {
  const table = tableOfExchangers({ a: ['mx1.hoster.example'], b: ['*.in.other.example'] })
  for (const [exchange, id] of [
    ['mx1.hoster.example', 'a'],
    ['mx7.in.other.example', 'b'],
    ['hoster.example', undefined],
    ['in.other.example', undefined],
    ['mx2.hoster.example', undefined]
  ] as const) {
    t.equal(table.findMx(exchange)?.id, id, exchange)
  }
})

t.test('names: what the table has by name, and not what only a pattern covers', async t => {
  const provider = exampleProvider({
    domains: ['example.com', '*.example.net', '*'],
    mx: ['mx1.hoster.example', '*.in.other.example']
  })
  const table = createTable({ providers: [provider] })
  for (const name of ['example.com', 'mx1.hoster.example', 'hoster.example', 'in.other.example', 'other.example']) {
    t.ok(table.names(name), name)
  }
  for (const name of [
    'a.example.net',
    'example.net',
    'a.in.other.example',
    'mx2.hoster.example',
    'example',
    'a.example'
  ]) {
    t.notOk(table.names(name), name)
  }
})
