/**
 * What README.md must not leave out.
 */
import { readdirSync, readFileSync } from 'node:fs'
import t from 'tap'
import { commands } from '../src/cli/commands.ts'
import { dialects } from '../src/dialects/index.ts'
import { webPaths } from '../src/http/web-paths.ts'
import { Settings } from '../src/settings/schema.ts'

const read = (name: string) => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8')
const readme = read('README.md')
const part = (heading: string) => readme.split(/^## /m).find(text => text.startsWith(`${heading}\n`)) ?? ''
const programs = part('Which program asks what')
const settings = part('Settings')
const commandLine = part('Command line')
const doctor = part('Doctor')

t.test('readme: tells every path of every dialect', async t => {
  for (const { routes } of dialects) {
    for (const { path } of routes) t.match(programs, path.replace(/:(\w+)/, '<$1>'))
  }
})

t.test('readme: tells every path of the pages for people, and every field of a brand', async t => {
  for (const { url } of webPaths) t.match(programs, `\`${url.replace(/:(\w+)/, '<$1>')}`)
  for (const name of Object.keys(Settings.properties.providers.items.properties.brand.properties)) {
    t.match(settings, new RegExp(`^\\| \`brand\`.*\`${name}\``, 'm'), name)
  }
})

t.test('readme: tells no path that is not served', async t => {
  const pages = webPaths.map(({ url }) => url)
  const served = [...dialects.flatMap(({ routes }) => routes.map(({ path }) => path)), '/api/openapi.json', ...pages]
  const told = programs.match(/`\/[^`]+`/g)?.map(path => path.replace(/`|\?.*/g, '').replace(/<(\w+)>/, ':$1')) ?? []
  t.ok(told.length >= dialects.length)
  t.same(
    told.filter(path => !served.includes(path)),
    []
  )
})

t.test('readme: tells every dialect: who asks in it, how it is switched off, and that it can be printed', async t => {
  for (const { name } of dialects) {
    t.match(programs, new RegExp(`^\\|[^|]*\\|[^|]*\\b${name}\\b[^|]*\\|`, 'm'), name)
    t.match(settings, `\`${name}\``)
    t.match(commandLine, new RegExp(`dialects: [^|]*\\b${name}\\b`), name)
  }
})

t.test('readme: tells every command', async t => {
  for (const name of Object.keys(commands)) t.match(commandLine, new RegExp(`^\\| \`${name}\\b`, 'm'), name)
})

t.test('readme: tells every field of the settings', async t => {
  const provider = Settings.properties.providers.items.properties
  const fields = [...Object.keys(Settings.properties), ...Object.keys(provider)].filter(name => name !== 'providers')
  for (const name of fields) t.match(settings, new RegExp(`\\b${name}\\b`), name)
})

t.test('readme: tells every rule of doctor', async t => {
  const files = readdirSync(new URL('../src/doctor/', import.meta.url), { encoding: 'utf8', recursive: true })
    .filter(name => name.endsWith('.ts'))
    .map(name => `src/doctor/${name}`)
  const rules = files.flatMap(file => Array.from(read(file).matchAll(/rule: '([\w-]+)\.([\w-]+)'/g)))
  t.ok(rules.length > 30)
  for (const [, family, name = ''] of rules) {
    t.match(doctor, `\`${family}.`)
    t.match(doctor, new RegExp(`\\b${name}\\b`), name)
  }
})
