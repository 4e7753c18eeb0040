/**
 * config/signpost.template.yaml: settings that are commented out, of which any part can be used.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { parse } from 'yaml'
import { check } from '../src/cli/commands/check.ts'
import { load } from '../src/settings/load/load.ts'
import { issue } from './support/certificates.ts'
import { runCommand } from './support/cli/terminal.ts'

const text = readFileSync(new URL('../config/signpost.template.yaml', import.meta.url), 'utf8')

/** A line that is a setting. Explanations have a space after the "#", and settings only if they are indented. */
const setting = /^#(?=\S| {2})/
const uncommented = text
  .split('\n')
  .map(line => line.replace(setting, ''))
  .join('\n')
const names = Object.keys(parse(uncommented))

t.test('template: has nothing but comments', async t => {
  t.ok(text.split('\n').every(line => line === '' || line.startsWith('#')))
})

t.test('template: check accepts it with every line uncommented', async t => {
  const { pem, keyPem } = issue('example.com', {
    hosts: ['autoconfig', 'autodiscover'].map(label => `${label}.example.com`)
  })
  const folder = t.testdir({ 'a.yaml': uncommented, tls: { 'fullchain.pem': pem, 'privkey.pem': keyPem } })
  const { code, out } = await runCommand(check, ['--config', join(folder, 'a.yaml')])
  t.equal(code, 0, out)
  // Why: the certificate of this test is self-signed.
  const others = out
    .split('\n')
    .filter(line => line.includes('warning') && !line.includes('found a chain that ends at'))
  t.same(others, [])
  t.match(out, 'https has the certificate of')
  t.same(names, ['providers', 'http', 'signing', 'admin', 'log', 'limits'])
})

t.test('template: each part can be used without the others', async t => {
  const part = (name: string) => new RegExp(`^${name}:\\n(?:[# ].*\\n)+`, 'm').exec(uncommented)?.[0] ?? ''
  for (const name of names) {
    const { table, findings } = load(name === 'providers' ? part(name) : `${part(name)}${part('providers')}`, 'a.yaml')
    t.same(findings, [], name)
    t.ok(Object.keys(table?.settings ?? {}).includes(name))
  }
})
