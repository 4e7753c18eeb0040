import t from 'tap'
import { describe } from '../../../src/settings/load/finding.ts'
import { load } from '../../../src/settings/load/load.ts'
import { correctKeys } from '../../../src/settings/load/misspelt-keys.ts'
import { schemaFor } from '../../../src/settings/load/schema-check.ts'
import { exampleProvider, imap } from '../../support/settings/example.ts'

const correct = (value: unknown) => correctKeys(value, schemaFor({}))

t.test('misspelt keys: each is replaced by the intended key, at any depth', async t => {
  const { value, faults, pathOf } = correct({
    htp: { prot: 1 },
    'x-a': 1,
    provders: [{ nmae: 'A', servres: [{ hots: 'a' }, 7] }, 8]
  })
  t.same(value, { http: { port: 1 }, 'x-a': 1, providers: [{ name: 'A', servers: [{ host: 'a' }, 7] }, 8] })
  t.same(
    faults.map(({ path, message, ofKey }) => [path.join('.'), message, ofKey]),
    [
      ['htp', 'unknown key, did you mean "http"?', true],
      ['provders', 'unknown key, did you mean "providers"?', true],
      ['htp.prot', 'unknown key, did you mean "port"?', true],
      ['provders.0.nmae', 'unknown key, did you mean "name"?', true],
      ['provders.0.servres', 'unknown key, did you mean "servers"?', true],
      ['provders.0.servres.0.hots', 'unknown key, did you mean "host"?', true]
    ]
  )
  t.same(pathOf(['providers', 0, 'servers', 0, 'host']), ['provders', 0, 'servres', 0, 'hots'])
  t.same(pathOf(['providers', 0, 'servers', 0, 'port']), ['provders', 0, 'servres', 0, 'port'])
  t.same(pathOf(['http', 'port', 'a']), ['htp', 'prot', 'a'])
})

t.test('misspelt keys: nothing is corrected that has a value already, does not fit, or may be a secret', async t => {
  for (const value of [
    { providers: [exampleProvider({ servers: [{ ...imap, hots: 'b' } as typeof imap] })] },
    { providers: [{ servers: { hots: 'b' } }] },
    { provders: 1 },
    { directory: { password: 'hunter2' } },
    { colour: 'red' },
    { http: 7 },
    [{ hots: 1 }],
    null
  ]) {
    const corrected = correct(value)
    t.same(corrected.value, value)
    t.same(corrected.faults, [], JSON.stringify(value))
  }
  t.same(correct({ htp: {}, htpp: {} }).value, { http: {}, htpp: {} }, 'one of two')
})

t.test('load: mistakes below a misspelt key are reported in the same run, with their positions', async t => {
  const text = `provders:
  - id: a
    nmae: "%EMAILADDRESS%"
    domains: [a.example]
    servres:
      - { prtocol: imap, host: imap.example.com, port: 465 }
      - { protocol: smtp, hots: smtp..example.com, prot: 99999 }
`
  t.same(
    load(text, 'a.yaml').findings.map(finding => describe(finding).split(', ')[0]),
    [
      'a.yaml:1:1 provders: unknown key',
      'a.yaml:3:5 provders[0].nmae: unknown key',
      'a.yaml:3:11 provders[0].nmae: found "%EMAILADDRESS%"',
      'a.yaml:5:5 provders[0].servres: unknown key',
      'a.yaml:6:11 provders[0].servres[0].prtocol: unknown key',
      'a.yaml:6:56 provders[0].servres[0].port: found 465',
      'a.yaml:7:27 provders[0].servres[1].hots: unknown key',
      'a.yaml:7:33 provders[0].servres[1].hots: found "smtp..example.com"',
      'a.yaml:7:52 provders[0].servres[1].prot: unknown key'
    ]
  )
})
