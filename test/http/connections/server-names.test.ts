import fc from 'fast-check'
import t from 'tap'
import { createServerNames } from '../../../src/http/connections/server-names.ts'

const certificate = (...names: string[]) => ({ names })

t.test('server names: an exact name is preferred to a wildcard, and the first certificate to the second', async t => {
  const wild = certificate('*.example.com', 'example.com')
  const exact = certificate('mail.example.com', 'example.com')
  const find = createServerNames([wild, exact])
  for (const [name, found] of [
    ['mail.example.com', exact],
    ['MAIL.Example.COM.', exact],
    ['autoconfig.example.com', wild],
    ['example.com', wild],
    // Spec: RFC 9525 6.3: a wildcard stands for one label.
    ['a.mail.example.com', undefined],
    ['example.org', undefined],
    ['com', undefined],
    ['', undefined],
    ['*.example.com', undefined],
    ['192.0.2.1', undefined]
  ] as const) {
    t.equal(find(name), found, name)
  }
  t.equal(createServerNames([])('example.com'), undefined)
})

t.test('server names: the result always has the requested name or a matching wildcard', async () => {
  const label = fc.constantFrom('a', 'b', 'autoconfig')
  const name = fc.array(label, { minLength: 1, maxLength: 4 }).map(labels => `${labels.join('.')}.example`)
  const pattern = fc.oneof(
    name,
    name.map(text => `*.${text}`)
  )
  const certificates = fc.array(fc.record({ names: fc.array(pattern, { maxLength: 4 }) }), { maxLength: 4 })
  fc.assert(
    fc.property(certificates, name, (certificates, requested) => {
      const wildcard = `*${requested.slice(requested.indexOf('.'))}`
      const [expected] = [requested, wildcard].flatMap(text => certificates.filter(({ names }) => names.includes(text)))
      return createServerNames(certificates)(requested) === expected
    })
  )
})
