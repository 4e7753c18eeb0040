/**
 * A table may have very many domains, and very many mistakes: loading it takes linear time.
 */
import t from 'tap'
import { load } from '../../src/settings/load/load.ts'
import { cpuMs } from '../support/cpu-time.ts'

const count = 16_000
const many = (line: (index: number) => string) => Array.from({ length: count }, (_, index) => line(index)).join('\n')

function table(domains: string, servers = '', rest = ''): string {
  return `providers:
  - id: a
    name: A
    domains:
${domains}
    servers:
      - { protocol: imap, host: imap.example.com }
${servers}
${rest}`
}

const tables: Readonly<Record<string, string>> = {
  domains: table(many(index => `      - d${index}.example`)),
  'domains that are refused': table(many(index => `      - _d${index}`)),
  servers: table(
    '      - a.example',
    many(index => `      - { protocol: imap, host: h${index}.example }`)
  ),
  'unknown keys': table(
    '      - a.example',
    '',
    many(index => `key${index}: 1`)
  ),
  'repeated keys': table(
    '      - a.example',
    '',
    many(() => 'key: 1')
  ),
  'merged mappings': table('      - a.example', '', `x: &x { a: 1 }\n${many(index => `y${index}: { <<: *x }`)}`)
}

for (const [name, text] of Object.entries(tables)) {
  t.test(`load: ${count} ${name} take less than 3 s`, async t => {
    const ms = await cpuMs(() => load(text, 'signpost.yaml'))
    t.ok(ms < 3000, `${Math.round(ms)} ms`)
  })
}
