/**
 * The generated blocks of docs/reference are what the code says. `npm run golden` writes them.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import t from 'tap'
import { clients } from '../../src/clients/index.ts'
import { programs } from '../../src/web/sections/programs.ts'
import { languages } from '../../src/web/words/languages/index.ts'
import { commandReference, environmentVariables } from '../support/docs/command-reference.ts'
import { doctorReference, doctorRules } from '../support/docs/doctor-reference.ts'
import { documents } from '../support/docs/documents.ts'
import { errorsReference } from '../support/docs/errors-reference.ts'
import { blockNames, fillBlocks } from '../support/docs/generated-blocks.ts'
import { httpReference } from '../support/docs/http-reference.ts'
import { allMetrics, metricsReference } from '../support/docs/metrics-reference.ts'
import { programsReference } from '../support/docs/programs-reference.ts'
import { settingsReference } from '../support/docs/settings-reference.ts'
import { sourceFiles } from '../support/source-imports.ts'

const folder = new URL('../../docs/reference/', import.meta.url)
const update = process.env.UPDATE_GOLDEN === '1'
const pages = readdirSync(folder).filter(name => name.endsWith('.md'))
const read = (name: string) => readFileSync(new URL(name, folder), 'utf8')

const texts = new Map([
  ...settingsReference(),
  ...(await commandReference()),
  ...(await programsReference()),
  ...errorsReference(),
  ...metricsReference(),
  ...doctorReference(),
  ...httpReference()
])

for (const name of pages) {
  t.test(`reference: ${name} is what the code says (npm run golden writes it)`, async t => {
    const page = read(name)
    const current = fillBlocks(page, texts)
    if (update) writeFileSync(new URL(name, folder), current)
    else t.equal(page, current)
    t.ok(blockNames(page).length > 0)
  })
}

t.test('reference: every generated block has its place in a page, and only one', async t => {
  const placed = pages.flatMap(name => blockNames(read(name)))
  t.same(placed.sort(), [...texts.keys()].sort())
})

t.test('reference: every rule of doctor has a finding and a remedy', async t => {
  const rules = doctorRules()
  t.ok(rules.length > 80, String(rules.length))
  for (const { name, message, remedy } of rules) {
    t.match(message, /[a-z]{2}.* /, name)
    t.not(remedy, '', name)
  }
})

// Why: the console shows remedies, too, and it has no options.
t.test('reference: a remedy of doctor that names an option also names its command', async t => {
  const options = doctorRules().flatMap(({ remedy }) => remedy.match(/\S*(?:\s\S+)?\s--[a-z-]+/g) ?? [])
  t.ok(options.length > 5)
  t.same(
    options.filter(each => !each.startsWith('signpost doctor --')),
    []
  )
})

t.test('reference: every rule of doctor in the sources is listed', async t => {
  const sources = sourceFiles.filter(file => /^(?:doctor|probes)\//.test(file)).map(file => readSource(file))
  const families = 'dns|certificate|http|document|srv|pacc|oauth|program|server|service|doctor'
  const rule = new RegExp(`'((?:${families})\\.[a-z0-9-]+)'`, 'g')
  const named = sources.flatMap(text => Array.from(text.matchAll(rule), ([, name = '']) => name))
  t.ok(named.length > 80)
  const page = read('doctor.md')
  for (const name of named) t.match(page, `| \`${name}\` |`)
})

t.test('reference: every metric of the sources is listed', async t => {
  const sources = sourceFiles.filter(file => file.startsWith('admin/')).map(file => readSource(file))
  const named = sources.flatMap(text => text.match(/'signpost_[a-z_]+'/g) ?? []).map(text => text.slice(1, -1))
  t.ok(named.length > 15)
  t.same(
    allMetrics().map(({ name }) => name),
    [...new Set(named)].sort()
  )
})

t.test('reference: every environment variable of the sources is listed', async t => {
  const variables = environmentVariables(sourceFiles.map(file => readSource(file)))
  t.ok(variables.includes('SIGNPOST_CONFIG'))
  for (const variable of variables) t.match(read('command-line.md'), `| \`${variable}\` |`)
})

t.test('reference: programs.md lists every path of every dialect and page', async t => {
  const written = read('programs.md').split('## Dialects')[0] ?? ''
  const paths = texts.get('dialects')?.match(/(?<=`[A-Z]+ )\/[^`]*/g) ?? []
  t.ok(paths.length > 15)
  const unusual = ['/v1.1/mail/config-v1.1.xml', '/robots.txt', '/favicon.ico', '/mobileconfig', '/email.mobileconfig']
  for (const path of paths.filter(each => !unusual.includes(each))) {
    const [fixed = ''] = path.split('/v1.0/')
    t.match(written, fixed)
  }
})

t.test('reference: numbers in words are those of the code', async t => {
  const words = [
    'ten',
    'eleven',
    'twelve',
    'thirteen',
    'fourteen',
    'fifteen',
    'sixteen',
    'seventeen',
    'eighteen',
    'nineteen',
    'twenty',
    'twenty-one'
  ]
  const counts = [
    [/(?<!up to )\b(\w+teen|twenty(?:-one)?) (?:mail )?programs/g, clients.length],
    [/steps for up to (\w+) programs/g, programs.length],
    [/in (\w+) languages/g, languages.length]
  ] as const
  for (const [pattern, count] of counts) {
    // Why without the changelog: it tells the numbers of each release.
    const current = documents().filter(({ path }) => path !== 'CHANGELOG.md')
    const found = current.flatMap(({ path, text }) =>
      Array.from(text.matchAll(pattern), ([, word = '']) => ({ path, word }))
    )
    t.ok(found.length > 0, String(pattern))
    for (const { path, word } of found) t.equal(word, words[count - 10], path)
  }
})

function readSource(file: string): string {
  return readFileSync(new URL(`../../src/${file}`, import.meta.url), 'utf8')
}
