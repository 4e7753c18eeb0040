import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { Call } from '../../../src/cli/command.ts'
import { findOrderProblems } from '../../../src/cli/table/order-problems.ts'

const settingsOf = (http: string) =>
  `${http}\nproviders: [{ id: p, name: P, domains: [a.example], servers: [{ protocol: imap, host: i.example }, { protocol: smtp, host: i.example }] }]\n`

t.test('order problems: come from the settings that the command or the environment names', async t => {
  const folder = t.testdir({
    'a.yaml': settingsOf('http: { tls: { acme: { storage: s, termsAgreed: true } } }'),
    'plain.yaml': settingsOf(''),
    'broken.yaml': 'x'
  })
  const groups = join(folder, 's/acme-v02.api.letsencrypt.org-directory/groups')
  mkdirSync(groups, { recursive: true })
  writeFileSync(join(groups, 'a.example.json'), '{"problem":"refused","nextAt":5}')
  const file = (name: string) => join(folder, name)
  const find = (config: string | undefined, variable: string) =>
    findOrderProblems({
      options: { config },
      args: [],
      terminal: { env: { SIGNPOST_CONFIG: variable } }
    } as unknown as Call)
  const expected = { problem: 'refused', nextAttemptAt: 5, hasCertificate: false }
  t.same(await find(file('a.yaml'), '')?.('a.example'), expected)
  t.same(await find(undefined, file('a.yaml'))?.('a.example'), expected)
  t.equal(await find(undefined, file('plain.yaml'))?.('a.example'), undefined)
  t.equal(find(undefined, file('none.yaml')), undefined)
  t.equal(find(undefined, file('broken.yaml')), undefined, 'doctor works with settings that are broken')
  t.throws(() => find(file('broken.yaml'), ''), { code: 'AC_SETTINGS_INVALID' })
  t.throws(() => find(file('none.yaml'), ''), { code: 'AC_SETTINGS_UNREADABLE' })
})
