import fc from 'fast-check'
import t from 'tap'
import type { Provider } from '../../../src/settings/provider.ts'
import { toAddress } from '../../../src/settings/question/address.ts'
import { toDomain } from '../../../src/settings/question/domain.ts'
import { type Awaitable, follow, resolve, servedHost } from '../../../src/settings/question/resolution-order.ts'
import { createTable } from '../../../src/settings/table.ts'
import { exampleProvider } from '../../support/settings/example.ts'
import { anyTyped } from '../../support/settings/typed.ts'

const hoster = exampleProvider({
  id: 'hoster',
  domains: ['*.hoster.example', 'hoster.example'],
  mx: ['mx1.in.hoster.net']
})
const umlaut = exampleProvider({ id: 'umlaut', domains: ['müller.example', 'a.hoster.example'] })
const rest = exampleProvider({ id: 'rest', domains: ['rest.example', '*'] })
const onlyRest = exampleProvider({ id: 'only-rest', domains: ['*'], mx: ['mx.only.example'] })

const closed = createTable({ providers: [hoster, umlaut] })
const open = createTable({ providers: [hoster, umlaut, rest] })

/** @returns `provider domain`, or nothing where nothing is served */
function answer(table: typeof closed, domain: string | undefined, host: string | undefined): string | undefined {
  const resolved = resolve(table, { domain, host })
  return resolved && `${resolved.provider.id} ${resolved.domain}`
}

for (const [fact, domain, host, expected] of [
  ["the address's domain decides", 'hoster.example', undefined, 'hoster hoster.example'],
  ['a domain below a wildcard is itself', 'x.y.hoster.example', undefined, 'hoster x.y.hoster.example'],
  ['a name precedes a wildcard', 'a.hoster.example', undefined, 'umlaut a.hoster.example'],
  ['an IDN is found by its A-labels', 'xn--mller-kva.example', undefined, 'umlaut xn--mller-kva.example'],
  ['the domain precedes the host', 'hoster.example', 'autoconfig.müller.example', 'hoster hoster.example'],
  ['the host decides where no domain is known', undefined, 'hoster.example', 'hoster hoster.example'],
  ['autoconfig. is taken off the host', undefined, 'autoconfig.hoster.example', 'hoster hoster.example'],
  ['autodiscover. is taken off the host', undefined, 'autodiscover.hoster.example', 'hoster hoster.example'],
  ['ua-auto-config. is taken off the host', undefined, 'ua-auto-config.hoster.example', 'hoster hoster.example'],
  [
    'the domain never has a service label',
    undefined,
    'autoconfig.autodiscover.hoster.example',
    'hoster hoster.example'
  ],
  ['www. is removed from the host', undefined, 'WWW.hoster.example', 'hoster hoster.example'],
  ['www. is removed although a pattern matches it', undefined, 'www.x.hoster.example', 'hoster x.hoster.example'],
  ['www. is removed behind a service label', undefined, 'autoconfig.www.hoster.example', 'hoster hoster.example'],
  ['www. is removed before a service label', undefined, 'www.autoconfig.hoster.example', 'hoster hoster.example'],
  ['www. is no reason to serve a domain', undefined, 'www.customer.example', undefined],
  ['www. is a domain if only one label follows', undefined, 'www.example', undefined],
  ['mail. is removed from a host that a pattern matches', undefined, 'mail.hoster.example', 'hoster hoster.example'],
  ['mail. is removed below a pattern', undefined, 'autoconfig.mail.x.hoster.example', 'hoster x.hoster.example'],
  ['below mail. the domain may have another provider', undefined, 'mail.a.hoster.example', 'umlaut a.hoster.example'],
  ['mail. in an address is kept', 'mail.hoster.example', undefined, 'hoster mail.hoster.example'],
  [
    'letter case, dot and port of the host do not matter',
    undefined,
    'AutoConfig.Hoster.Example.:443',
    'hoster hoster.example'
  ],
  ['a host in U-labels is understood', undefined, 'autoconfig.MÜLLER.example', 'umlaut xn--mller-kva.example'],
  [
    'the host decides where the domain is not served',
    'customer.example',
    'autoconfig.a.hoster.example',
    'umlaut a.hoster.example'
  ],
  [
    'a mail exchanger is answered for its owner',
    'customer.example',
    'autoconfig.mx1.in.hoster.net',
    'hoster hoster.example'
  ],
  [
    "a mail exchanger's parent is answered for its owner",
    'customer.example',
    'autoconfig.in.hoster.net',
    'hoster hoster.example'
  ],
  [
    "a mail exchanger's base domain is answered for its owner",
    undefined,
    'autoconfig.hoster.net',
    'hoster hoster.example'
  ],
  ['other hosts and domains are not served', 'customer.example', 'autoconfig.customer.example', undefined],
  ['a label like autoconfig. is not taken off', undefined, 'autoconfigs.müller.example', undefined],
  ['an address as host is not served', undefined, '[2001:db8::1]:8080', undefined],
  ['an empty host is not served', undefined, '', undefined],
  ['nothing asked is not served', undefined, undefined, undefined]
] as const) {
  t.test(`resolve: ${fact}`, async t => t.equal(answer(closed, domain, host), expected))
}

for (const [fact, domain, host, expected] of [
  ['the default provider answers for every domain', 'customer.example', undefined, 'rest customer.example'],
  [
    'a host that is served precedes the default provider',
    'customer.example',
    'hoster.example',
    'hoster hoster.example'
  ],
  [
    'a mail exchanger precedes the default provider',
    'customer.example',
    'autoconfig.in.hoster.net',
    'hoster hoster.example'
  ],
  [
    'for mail. the default provider answers with its domain',
    undefined,
    'mail.customer.example',
    'rest customer.example'
  ],
  ['for www. the default provider answers with its domain', undefined, 'www.customer.example', 'rest customer.example'],
  ['the default provider answers for every host', undefined, 'autoconfig.customer.example', 'rest customer.example'],
  [
    "the domain is the default provider's, not the other host",
    'customer.example',
    'a.example',
    'rest customer.example'
  ],
  [
    'for a host of one label the default provider answers with its own domain',
    undefined,
    'localhost:8080',
    'rest rest.example'
  ],
  [
    'for an address as host the default provider answers with its own domain',
    undefined,
    '127.0.0.1:8080',
    'rest rest.example'
  ],
  ['with nothing asked the default provider answers with its own domain', undefined, undefined, 'rest rest.example']
] as const) {
  t.test(`resolve: ${fact}`, async t => t.equal(answer(open, domain, host), expected))
}

t.test('resolve: a listed website means its domain, and a listed domain takes precedence', async t => {
  const websites = ['www.customer.example', 'mail.customer.example', 'www.example']
  const website = exampleProvider({ id: 'website', domains: [...websites, '*.pattern.example'] })
  const alone = createTable({ providers: [website] })
  t.equal(answer(alone, undefined, 'www.customer.example'), 'website customer.example')
  t.equal(answer(alone, undefined, 'autoconfig.www.customer.example'), 'website customer.example')
  t.equal(answer(alone, undefined, 'www.pattern.example'), 'website pattern.example')
  t.equal(answer(alone, undefined, 'autoconfig.customer.example'), undefined)
  t.equal(answer(alone, undefined, 'autoconfig.mail.customer.example'), 'website mail.customer.example')
  t.equal(answer(alone, undefined, 'autoconfig.www.example'), 'website www.example')
  t.equal(answer(alone, 'www.customer.example', undefined), 'website www.customer.example')
  const both = createTable({ providers: [website, exampleProvider({ id: 'domain', domains: ['customer.example'] })] })
  t.equal(answer(both, undefined, 'www.customer.example'), 'domain customer.example')
})

t.test('resolve: below a pattern whose domain is not listed, mail. is not part of the domain', async t => {
  const below = createTable({ providers: [exampleProvider({ id: 'below', domains: ['*.pattern.example'] })] })
  t.equal(answer(below, undefined, 'mail.pattern.example'), 'below pattern.example')
})

t.test(
  'resolve: a mail exchanger below a pattern is its own domain if the provider lists no domain by name',
  async t => {
    const table = createTable({
      providers: [exampleProvider({ id: 'only-rest', domains: ['*'], mx: ['*.mx.example'] })]
    })
    t.equal(answer(table, undefined, 'autoconfig.a.mx.example'), 'only-rest a.mx.example')
  }
)

t.test('resolve: a mail exchanger that a pattern of domains matches is answered for its owner', async t => {
  const owner = exampleProvider({
    id: 'owner',
    domains: ['owner.example', '*.owner.example'],
    mx: ['mx.owner.example']
  })
  const table = createTable({ providers: [owner] })
  t.equal(answer(table, undefined, 'autoconfig.mx.owner.example'), 'owner owner.example')
  t.equal(answer(table, undefined, 'autoconfig.my.owner.example'), 'owner my.owner.example')
})

t.test('resolve: returns the domain of the requested mail exchanger, unless it is the mail domain itself', async t => {
  const mail = exampleProvider({
    id: 'mail',
    domains: ['a.example', '*.b.example'],
    mx: ['*.mx.example', 'mx.a.example']
  })
  const other = exampleProvider({ id: 'other', domains: ['other.example'], mx: ['mx.other.example'] })
  const table = createTable({ providers: [mail, other] })
  for (const [domain, host, exchanger] of [
    ['a.example', 'autoconfig.mx1.mx.example', 'mx1.mx.example'],
    [undefined, 'autoconfig.mx.example', 'mx.example'],
    ['customer.example', 'MX.a.example:443', 'mx.a.example'],
    ['a.example', 'autoconfig.a.example', undefined],
    ['x.b.example', 'autoconfig.a.example', undefined],
    ['a.example', 'autoconfig.mx.other.example', undefined],
    ['a.example', undefined, undefined],
    ['other.example', 'autoconfig.mx.other.example', 'mx.other.example']
  ] as const) {
    t.equal(resolve(table, { domain, host })?.exchanger, exchanger, `${domain} at ${host}`)
  }
  t.equal(resolve(table, { domain: 'mx.example', host: 'a.example', strict: true })?.exchanger, 'mx.example')
})

t.test('resolve: a default provider without domains needs a requested domain', async t => {
  const table = createTable({ providers: [onlyRest] })
  t.equal(answer(table, undefined, '127.0.0.1'), undefined)
  t.equal(answer(table, undefined, 'localhost'), undefined)
  t.equal(answer(table, 'customer.example', '127.0.0.1'), 'only-rest customer.example')
  t.equal(answer(table, undefined, 'autoconfig.mx.only.example'), 'only-rest mx.only.example')
})

t.test('resolve: returns a canonical domain or nothing for any host', async () => {
  fc.assert(
    fc.property(anyTyped, host => {
      const resolved = resolve(open, { domain: undefined, host })
      return resolved !== undefined && toDomain(resolved.domain) === resolved.domain
    })
  )
})

t.test('resolve: passes the address on to the account', async t => {
  const address = toAddress('jane@hoster.example')
  t.equal(resolve(closed, { domain: 'hoster.example', host: undefined, address })?.address, address)
  t.equal(resolve(open, { domain: 'customer.example', host: undefined, address })?.address, address)
})

t.test('resolve: only the domain of a strict question counts, as a mail domain or a mail exchanger', async t => {
  for (const [table, domain, expected] of [
    [closed, 'hoster.example', 'hoster hoster.example'],
    [closed, 'autoconfig.hoster.example', 'hoster autoconfig.hoster.example'],
    [closed, 'autoconfig.a.hoster.example', 'hoster autoconfig.a.hoster.example'],
    [closed, 'autoconfig.xn--mller-kva.example', 'umlaut xn--mller-kva.example'],
    [closed, 'in.hoster.net', 'hoster hoster.example'],
    [closed, 'customer.example', undefined],
    [closed, undefined, undefined],
    [open, 'customer.example', 'rest customer.example'],
    [open, undefined, undefined]
  ] as const) {
    const found = resolve(table, { domain, host: 'a.hoster.example', strict: true })
    t.equal(found && `${found.provider.id} ${found.domain}`, expected, `${domain}`)
  }
})

/** @param late answers are promises */
function lookup(known: Readonly<Record<string, Provider | undefined>>, late: boolean) {
  const asked: string[] = []
  const lookUp = (domain: string, client: readonly string[] | undefined): Awaitable<Provider | undefined> => {
    asked.push(`${domain} for ${client}`)
    return late ? Promise.resolve(known[domain]) : known[domain]
  }
  return { asked, lookUp }
}

for (const late of [false, true]) {
  t.test(
    `resolve: the table precedes lookups, and the domain precedes the host${late ? ', also later' : ''}`,
    async t => {
      const elsewhere = open.find('rest.example')
      const { asked, lookUp } = lookup(
        { 'customer.example': elsewhere, 'other.example': open.find('hoster.example') },
        late
      )
      for (const [table, domain, host, expected, questions] of [
        [closed, 'hoster.example', 'customer.example', 'hoster hoster.example', []],
        [closed, undefined, 'autoconfig.hoster.example', 'hoster hoster.example', []],
        [closed, 'customer.example', 'hoster.example', 'rest customer.example', ['customer.example']],
        [closed, undefined, 'autoconfig.customer.example:443', 'rest customer.example', ['customer.example']],
        [closed, 'x.example', 'hoster.example', 'hoster hoster.example', ['x.example']],
        [closed, 'x.example', 'autoconfig.in.hoster.net', 'hoster hoster.example', ['x.example']],
        [closed, 'x.example', 'other.example', 'hoster other.example', ['x.example', 'other.example']],
        [closed, 'x.example', 'autoconfig.x.example', undefined, ['x.example']],
        [closed, 'x.example', '192.0.2.1', undefined, ['x.example']],
        [closed, undefined, 'x.example', undefined, ['x.example']],
        [open, 'x.example', 'y.example', 'rest x.example', ['x.example', 'y.example']],
        [open, undefined, undefined, 'rest rest.example', []]
      ] as const) {
        const answer = resolve(table, { domain, host, client: ['me'] }, lookUp)
        t.equal(answer instanceof Promise, late && questions.length > 0, 'waits only if it must')
        const found = await answer
        t.equal(found && `${found.provider.id} ${found.domain}`, expected, `${domain} at ${host}`)
        t.same(
          asked.splice(0),
          questions.map(name => `${name} for me`)
        )
      }
    }
  )
}

t.test('resolve: rejects if a lookup does, without trying the host', async t => {
  const asked: string[] = []
  const lookUp = (domain: string) => {
    asked.push(domain)
    return Promise.reject(new Error('unavailable'))
  }
  const question = { domain: 'x.example', host: 'hoster.example' }
  await t.rejects(Promise.resolve(resolve(closed, question, lookUp)), { message: 'unavailable' })
  t.same(asked, ['x.example'])
})

t.test('follow: waits only for a promise', async t => {
  t.equal(
    follow(1, value => value + 1),
    2
  )
  t.equal(await follow(Promise.resolve(1), value => value + 1), 2)
})

for (const [fact, host, expected] of [
  ['a host of another domain of the table', 'autodiscover.hoster.example', 'autodiscover.hoster.example'],
  ['another domain itself, in any letter case and with the usual port', 'Hoster.Example.:443', 'hoster.example'],
  ['a mail exchanger that the table names', 'mx1.in.hoster.net', 'mx1.in.hoster.net'],
  ['not a usual host of the domain', 'autodiscover.a.hoster.example', undefined],
  ['not the website of the domain', 'www.a.hoster.example', undefined],
  ['not the domain itself', 'a.hoster.example', undefined],
  ['not a host with another port', 'autodiscover.hoster.example:8443', undefined],
  ['not a host that only a pattern matches', 'chosen-by-the-client.hoster.example', undefined],
  ['not a host of an unknown domain', 'autodiscover.evil.example', undefined],
  ['not a host that is no name', '192.0.2.1', undefined],
  ['nothing without a host', undefined, undefined]
] as const) {
  t.test(`served host: ${fact}`, async t => t.equal(servedHost(open, host, 'a.hoster.example'), expected))
}
