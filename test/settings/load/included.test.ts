import t from 'tap'
import { describe } from '../../../src/settings/load/finding.ts'
import { type IncludedFile, type IncludedFiles, type LoadOptions, load } from '../../../src/settings/load/load.ts'
import { matchLists } from '../../support/match-lists.ts'

const main = 'config/signpost.yaml'

/** @returns a provider as one line of YAML */
const provider = (id: string, domain: string, rest = '') =>
  `  - { id: ${id}, name: ${id}, domains: [${domain}]${rest}, servers: [{ protocol: imap, host: imap.example.net }, { protocol: smtp, host: smtp.example.net }] }\n`

const table = (id: string, domain: string, rest = '') => `providers:\n${provider(id, domain, rest)}`

/** Loads the main file with further files for its one pattern. */
function loadWith(files: Readonly<Record<string, string>>, text = "include: ['*']\n", options: LoadOptions = {}) {
  const found = Object.entries(files).map(([file, content]): IncludedFile => ({ file, text: content }))
  return load(text, main, { readIncluded: () => ({ files: found }), ...options })
}

const reported = (...args: Parameters<typeof loadWith>) => loadWith(...args).findings.map(describe)

t.test('included files: providers of all files make one table, the main file first', async t => {
  const text = `include: ['*']\nhttp: { port: 8081 }\n${table('main', 'main.example')}`
  const { table: made, findings } = loadWith(
    { 'a.yaml': table('a', 'a.example'), 'b.yaml': table('b', 'b.example') },
    text
  )
  t.same(findings, [])
  t.same(
    made?.providers.map(({ id }) => id),
    ['main', 'a', 'b']
  )
  t.equal(made?.find('b.example')?.id, 'b')
  t.equal(made?.settings.http?.port, 8081)
})

t.test('included files: the main file needs no providers if an included file has one', async t => {
  t.equal(loadWith({ 'a.yaml': table('a', 'a.example') }).table?.providers.length, 1)
})

t.test('included files: each finding has the file, line, column and path in its own file', async t => {
  const files = {
    'a.yaml': table('a', 'a.example'),
    'b.yaml': `# Customer B\n${table('b', 'b..example')}`,
    'c.yaml': table('c', 'c.example', ', username: jane')
  }
  t.same(reported(files), [
    'b.yaml:3:33 providers[0].domains[0]: found "b..example", expected a domain such as example.com, *.example.com or *',
    'c.yaml:2:55 providers[0].username: found "jane", expected at least one of %EMAILADDRESS%, %EMAILLOCALPART%, %EMAILDOMAIN%'
  ])
})

t.test('included files: findings are in the order of the files', async t => {
  const files = { 'z.yaml': 'providers: 1\n', 'a.yaml': '\n\nproviders: 2\n' }
  t.same(
    reported(files, 'include: ["*"]\nhttp: 1\n').map(line => line.split(' ')[0]),
    [`${main}:2:7`, 'z.yaml:1:12', 'a.yaml:3:12']
  )
})

t.test('included files: an id or a domain in two files is an error that names both positions', async t => {
  const files = {
    'a.yaml': table('a', 'a.example'),
    'b.yaml': `# B\n${table('b', 'A.example')}${provider('a', 'c.example')}`
  }
  t.same(reported(files), [
    'b.yaml:3:33 providers[0].domains[0]: found "A.example", which provider "a" already has (a.yaml:2:33)',
    'b.yaml:4:11 providers[1].id: found "a", which another provider already has (a.yaml:2:11)'
  ])
})

t.test('included files: everything but providers belongs in the main file, and there is no nesting', async t => {
  const only = 'included files have only providers'
  t.same(
    reported({ 'a.yaml': `http: { port: 1 }\ninclude: [b.yaml]\nx-a: 1\nprovider: 1\n${table('a', 'a.example')}` }),
    [
      `a.yaml:1:1 http: found http in an included file, expected it in ${main}: ${only}`,
      `a.yaml:2:1 include: found include in an included file, expected it in ${main}: ${only}`,
      'a.yaml:4:1 provider: unknown key, did you mean "providers"?'
    ]
  )
})

t.test('included files: a file without providers is only a warning', async t => {
  for (const [text, line] of [
    ['', 1],
    ['# nothing yet\n', 1],
    ['x-servers: &servers []\n', 1]
  ] as const) {
    const { table: made, findings } = loadWith({ 'a.yaml': table('a', 'a.example'), 'b.yaml': text })
    t.same(findings.map(describe), [`b.yaml:${line}:1 warning: has no effect: the file has no providers`])
    t.ok(made)
  }
})

t.test('included files: a file that cannot be read is an error in that file', async t => {
  const read: IncludedFiles = { files: [{ file: 'a\n.yaml', reason: 'permission denied' }] }
  const { table: made, findings } = loadWith({}, `include: [a]\n${table('m', 'm.example')}`, {
    readIncluded: () => read
  })
  t.equal(made, undefined)
  t.same(findings.map(describe), ['a\\u{a}.yaml:1:1 permission denied'])
})

t.test('included files: a problem with a pattern has the position of the pattern', async t => {
  for (const severity of ['error', 'warning'] as const) {
    const read: IncludedFiles = { files: [], problem: { severity, message: 'found no file' } }
    const text = `include:\n  - customers/*.yaml\n${table('m', 'm.example')}`
    const { table: made, findings } = loadWith({}, text, { readIncluded: () => read })
    matchLists(t, findings, [{ severity, line: 2, column: 5, path: 'include[0]', message: 'found no file' }])
    t.equal(made === undefined, severity === 'error')
  }
})

t.test('included files: at least one file must have a provider', async t => {
  const least = 'found no providers, expected a list with at least one provider'
  t.same(load('http: {}\n', main).findings.map(describe), [`${main}:1:1 ${least}`])
  t.same(reported({}), [`${main}:1:1 ${least} in this file or an included one`])
  // Why: the broken file may have the only provider.
  matchLists(t, reported({ 'a.yaml': 'providers: 1\n' }), [/^a\.yaml:1:12 providers: found 1, expected a list/])
  t.equal(reported({ 'a.yaml': 'providers: 1\n' }).length, 1)
})

t.test('included files: settings that do not come from a file cannot include', async t => {
  const { findings } = load(`include: [a.yaml]\n${table('m', 'm.example')}`, 'command line')
  t.same(findings.map(describe), ['command line:1:11 include[0]: only a settings file can include others'])
})

t.test('included files: a logo belongs to the file that names it', async t => {
  const asked: string[][] = []
  const files = {
    'a/a.yaml': table('a', 'a.example', ', brand: { logo: logo.svg }'),
    'b/b.yaml': table('b', 'b.example', ', brand: { logo: logo.svg }')
  }
  const { table: made, findings } = loadWith(files, undefined, {
    readLogo(name, { namedIn }) {
      asked.push([name, namedIn])
      return namedIn === 'a/a.yaml' ? { url: 'data:a' } : { reason: 'cannot read it' }
    }
  })
  t.same(asked, [
    ['logo.svg', 'a/a.yaml'],
    ['logo.svg', 'b/b.yaml']
  ])
  t.same(
    made?.providers.map(({ brand }) => brand.logo),
    ['data:a', undefined]
  )
  t.same(findings.map(describe), [
    'b/b.yaml:2:60 providers[0].brand.logo: warning: cannot read it: the page shows the name instead'
  ])
})

t.test('load: keys that begin with x- hold anchors and may have any value', async t => {
  const text = `x-servers: &servers
  - { protocol: imap, host: imap.example.net }
  - { protocol: smtp, host: smtp.example.net }
x-odd: ["\\u0001", { x: null }]
providers:
  - { id: a, name: A, domains: [a.example], servers: *servers }
  - { id: b, name: B, domains: [b.example], servers: *servers }
`
  const { table: made, findings } = load(text, main)
  t.same(findings, [])
  t.equal(made?.find('b.example')?.servers[1]?.host, 'smtp.example.net')
  t.notOk(Object.hasOwn(made?.settings ?? {}, 'x-servers'))
  matchLists(t, load(text.replace('x-odd', 'y-odd'), main).findings, [{ path: 'y-odd', line: 4 }])
})

t.test('load: an anchor may be used by thousands of providers', async t => {
  const providers = Array.from(
    { length: 3000 },
    (_, index) => `  - { id: p${index}, name: P, domains: [p${index}.example], servers: *servers }\n`
  )
  const servers = '[{ protocol: imap, host: imap.example.net }, { protocol: smtp, host: smtp.example.net }]'
  const { table: made, findings } = load(`x-servers: &servers ${servers}\nproviders:\n${providers.join('')}`, main)
  t.same(findings, [])
  t.equal(made?.providers.length, 3000)
})
