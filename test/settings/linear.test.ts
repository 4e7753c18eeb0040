/**
 * Loading a table takes linear time, even if it has thousands of domains or mistakes.
 */
import t from 'tap'
import { load } from '../../src/settings/load/load.ts'
import { superlinear } from '../support/cpu-time.ts'

const many = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => line(index)).join('\n')

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

const tables: Readonly<Record<string, (count: number) => string>> = {
  domains: count => table(many(count, index => `      - d${index}.example`)),
  'invalid domains': count => table(many(count, index => `      - _d${index}`)),
  servers: count =>
    table(
      '      - a.example',
      many(count, index => `      - { protocol: imap, host: h${index}.example }`)
    ),
  'unknown keys': count =>
    table(
      '      - a.example',
      '',
      many(count, index => `key${index}: 1`)
    ),
  'repeated keys': count =>
    table(
      '      - a.example',
      '',
      many(count, () => 'key: 1')
    ),
  'merged mappings': count =>
    table('      - a.example', '', `x: &x { a: 1 }\n${many(count, index => `y${index}: { <<: *x }`)}`)
}

for (const [name, textOf] of Object.entries(tables)) {
  t.test(`load: the time for thousands of ${name} is linear`, async t => {
    const run = (count: number) => load(textOf(count), 'signpost.yaml')
    t.equal(await superlinear(run, { size: 4000, freeMs: 100 }), undefined)
  })
}

t.test('linear time: quadratic time is recognised', async t => {
  const found = await superlinear(size => 'x'.repeat(size).match(/x*y/g), { size: 8000, freeMs: 10 })
  t.match(found, /^\d+ ms for 2000, \d+ ms for 8000$/)
})
