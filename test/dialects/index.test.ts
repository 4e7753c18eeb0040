import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { apple } from '../../src/dialects/apple/profile.ts'
import { dialects } from '../../src/dialects/index.ts'
import { outlook } from '../../src/dialects/outlook/autodiscover.ts'
import { thunderbird } from '../../src/dialects/thunderbird/autoconfig.ts'
import { anyTable } from '../support/arbitraries/table.ts'
import { answerOf } from '../support/dialects/answer-of.ts'

t.test('every dialect has a name, and no route is claimed twice', async t => {
  const names = dialects.map(({ name }) => name)
  t.same(names, ['thunderbird', 'outlook', 'outlook-json', 'apple', 'pacc', 'well-known', 'api'])
  const routes = dialects.flatMap(dialect => dialect.routes.map(({ method, path }) => `${method} ${path}`))
  t.equal(new Set(routes).size, routes.length)
})

t.test('no dialect serves Exchange SOAP or device enrolment', async t => {
  const paths = dialects.flatMap(dialect => dialect.routes.map(({ path }) => path)).join('\n')
  t.notMatch(paths, /\.svc|remotemanagement/)
})

/** Outgoing server of each dialect: host and port. */
const outgoing = [
  { dialect: thunderbird, pattern: /<outgoingServer type="smtp">\s*<hostname>(.*)<\/hostname>\s*<port>(\d+)</ },
  { dialect: outlook, pattern: /<Type>SMTP<.*?<Server>(.*)<\/Server>\s*<Port>(\d+)</s },
  {
    dialect: apple,
    pattern: /OutgoingMailServerHostName<\/key>\s*<string>(.*)<\/string>\s*<key>Outgoing.*<\/key>\s*<integer>(\d+)</
  }
]

t.test('all dialects name the same outgoing server', async () => {
  let compared = 0
  fc.assert(
    fc.property(anyTable, ({ table, domain }) => {
      const places = outgoing.flatMap(({ dialect, pattern }) => {
        const answer = answerOf(dialect, table, { host: domain, query: `email=jane%40${domain}` })
        const [, host, port] = pattern.exec(answer?.body ?? '') ?? []
        return host === undefined ? [] : [`${host}:${port}`]
      })
      if (places.length === outgoing.length) compared += 1
      assert(new Set(places).size <= 1, places.join())
    })
  )
  assert(compared > 10, 'many tables can be written in all dialects')
})
