import t from 'tap'
import { load } from '../../../src/settings/load/load.ts'

const servers = 'servers: [{ protocol: imap, host: a.example }, { protocol: smtp, host: a.example }]'

/** @returns what is left of a table with errors */
function left(providers: readonly string[], more = '') {
  const lines = providers.map(each => `  - { ${each} }\n`).join('')
  const { table, withoutErrors } = load(`${more}providers:\n${lines}`, 'a.yaml', {
    readIncluded: () => ({
      files: [{ file: 'b.yaml', text: `providers: [{ id: z, name: Z, domains: [z.example], ${servers} }]` }]
    })
  })
  if (table !== undefined) throw new Error('found no error')
  const valid = withoutErrors()
  return { ids: valid.table.providers.map(({ id }) => id), indexes: valid.indexes, settings: valid.table.settings }
}

t.test(
  'valid providers: those with an error of any kind are left out, and the others keep their positions',
  async t => {
    const { ids, indexes } = left([
      `id: a, name: A, domains: [a..example], ${servers}`,
      `id: b, name: B, domains: [b.example], ${servers}`,
      `id: c, name: C, domains: [c.example], website: 7, ${servers}`,
      `id: d, nmae: D, domains: [d.example], ${servers}`,
      `id: b, name: E, domains: [e.example], ${servers}`,
      '7: 7',
      `id: f, name: F, domains: [f.example], ${servers.replace('imap', 'imaps')}`,
      `id: g, name: G, domains: [g.example, b.example], ${servers}`,
      `id: h, name: "${'H'.repeat(31)}", domains: [h.example], ${servers}`
    ])
    t.same(ids, ['b', 'd', 'h'], 'a misspelt key is corrected, and a warning is not an error')
    t.same(indexes, [1, 3, 8])
  }
)

t.test('valid providers: those of included files are among them', async t => {
  const { ids, indexes } = left([`id: a, name: 7, domains: [a.example], ${servers}`], "include: ['*']\n")
  t.same([ids, indexes], [['z'], [1]])
})

t.test('valid providers: one with only patterns is left out, because another one may have its example', async t => {
  const { ids } = left([
    `id: a, name: A, domains: ["*.b.example"], ${servers}`,
    `id: b, name: 7, domains: [example.b.example], ${servers}`
  ])
  t.same(ids, [])
})

t.test('valid providers: a block with an error is left out, and one without stays', async t => {
  const provider = `id: a, name: A, domains: [a.example], ${servers}`
  const users =
    "users: { type: ldap, base: 'dc=a', filter: '(mail=:address)', attributes: { address: mail }, unknown: 'u#######' }\n"
  for (const [more, kept] of [
    [`${users}http: { port: x }\n`, ['providers', 'users']],
    [`${users}http: { host: '%' }\n`, ['providers', 'users']],
    [`${users.replace('dc=a', 'a')}http: { port: 1 }\n`, ['providers', 'http']],
    ['cache: { seconds: x }\n', ['providers']]
  ] as const) {
    const { ids, settings } = left([provider], more)
    t.same(ids, ['a'])
    t.same(Object.keys(settings), kept)
  }
})
