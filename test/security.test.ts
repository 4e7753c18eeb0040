/**
 * The threat model in SECURITY.md: each line names tests, and they are there.
 */
import { readdirSync, readFileSync } from 'node:fs'
import t from 'tap'

const read = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8')
const threats = read('../SECURITY.md').split('## What could go wrong')[1] ?? ''
const rows = threats.split('\n').filter(line => line.startsWith('| ') && !line.startsWith('| threat |'))

const files = readdirSync(new URL('./', import.meta.url), { encoding: 'utf8', recursive: true })
const sources = files.filter(name => /\.(test|real)\.ts$/.test(name)).map(name => read(name))

t.test('security: every threat names what stops it, and the tests that hold it', async t => {
  t.ok(rows.length > 20)
  for (const row of rows) {
    const [, threat = '', stop = '', tests = ''] = row.split('|').map(cell => cell.trim())
    const names = [...tests.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name)
    t.ok(stop.length > 0 && names.length > 0, threat)
    for (const name of names) {
      t.ok(
        sources.some(source => source.includes(`'${name.replaceAll("'", "\\'")}'`) || source.includes(`\`${name}\``)),
        name
      )
    }
  }
})

t.test('security: README leads to it', async t => {
  t.match(read('../README.md'), '(SECURITY.md)')
})
