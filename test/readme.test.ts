/**
 * README.md stays short, and what it leaves out is in docs/.
 */
import { readFileSync } from 'node:fs'
import t from 'tap'
import manifest from '../package.json' with { type: 'json' }

const read = (name: string) => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8')
const readme = read('README.md')

t.test('readme: has at most 8 kB', async t => {
  t.ok(Buffer.byteLength(readme) <= 8000, String(Buffer.byteLength(readme)))
})

t.test('readme: shows the setup page and doctor, and leads to every kind of document', async t => {
  for (const target of ['docs/images/setup-page.png', 'docs/images/doctor.svg']) t.match(readme, `(${target})`)
  for (const target of [
    'docs/README.md',
    'docs/reference/settings.md',
    'SECURITY.md',
    'CONTRIBUTING.md',
    'CHANGELOG.md'
  ]) {
    t.match(readme, `(${target})`)
  }
})

t.test('readme: has three ways to start, and five steps to the first domain', async t => {
  for (const start of ['npx @OWNER/signpost serve ', 'docker run ', 'apt install ']) t.match(readme, start)
  const steps = readme.match(/^\*\*\d\. \w+\.\*\*/gm) ?? []
  t.same(steps, ['**1. Table.**', '**2. Check.**', '**3. DNS.**', '**4. TLS.**', '**5. Doctor.**'])
})

t.test('readme: names the versions of Node in package.json', async t => {
  const majors = manifest.engines.node.match(/\d+(?=\.\d+\.\d+)/g) ?? []
  t.match(readme, `Node ${majors.slice(0, -1).join(', ')} or ${majors.at(-1)}`)
})
