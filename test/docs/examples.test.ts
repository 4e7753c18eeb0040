/**
 * Examples in the documentation work: settings pass `signpost check`, and commands have options that exist.
 */
import t from 'tap'
import { parse } from 'yaml'
import manifest from '../../package.json' with { type: 'json' }
import { parseCall } from '../../src/cli/command.ts'
import { describe } from '../../src/settings/load/finding.ts'
import { load } from '../../src/settings/load/load.ts'
import { Settings } from '../../src/settings/schema.ts'
import { commandLines } from '../support/docs/command-lines.ts'
import { allCommands } from '../support/docs/command-reference.ts'
import { type CodeBlock, codeBlocks, documents } from '../support/docs/documents.ts'

const pages = documents().filter(({ path }) => /^(?:docs\/|README)/.test(path))
const blocks = pages.flatMap(codeBlocks)
const commands = await allCommands()
const nameOf = ({ path, line }: CodeBlock) => `${path}:${line}`

/** Completes examples that show only some blocks of the table. */
const provider = `providers:
  - id: example
    name: Example Mail
    domains: [example.com]
    servers:
      - { protocol: imap, host: mail.example.com }
      - { protocol: smtp, host: mail.example.com }
`

t.test('examples: every settings example passes signpost check', async t => {
  const examples = blocks.filter(({ language }) => language === 'yaml')
  t.ok(examples.length > 15)
  for (const example of examples) {
    const { text } = example
    const { findings } = load(/^providers:/m.test(text) ? text : `${text}${provider}`, nameOf(example), {
      readIncluded: () => ({ files: [] })
    })
    // Why: some examples show a warning, and the page says so.
    const page = pages.find(({ path }) => path === example.path)?.text ?? ''
    const unexplained = findings.filter(({ severity, message }) => severity === 'error' || !page.includes(message))
    t.same(unexplained.map(describe), [], nameOf(example))
  }
})

t.test('examples: findings that a page shows are those of a settings example on it, at their positions', async t => {
  const shown = blocks.flatMap(({ path, text }) =>
    Array.from(text.matchAll(/^signpost\.yaml:\d+:\d+ .*: (?:warning|note): .*$/gm), ([line]) => ({ path, line }))
  )
  t.ok(shown.length > 0)
  for (const { path, line } of shown) {
    const examples = blocks.filter(block => block.path === path && block.language === 'yaml')
    const found = examples.flatMap(
      ({ text }) => load(text, 'signpost.yaml', { readIncluded: () => ({ files: [] }) }).findings
    )
    t.ok(found.map(describe).includes(line), `${path}: ${line}`)
  }
})

t.test('examples: every other YAML example says what it is, and is YAML', async t => {
  const known = ['compose', 'kubernetes', 'helm', 'traefik', 'prometheus']
  for (const block of blocks) {
    const [language, ...words] = block.language.split(' ')
    if (language !== 'yaml' || words.length === 0) continue
    t.ok(known.includes(words.join(' ')), `${nameOf(block)}: ${block.language}`)
    t.type(parse(block.text), Object)
  }
})

t.test('examples: commands that write keys or passwords let only their owner read the files', async t => {
  const writers = blocks.filter(({ text }) => /\btar --create\b|curl .*\/internal\/profile/.test(text))
  t.ok(writers.length >= 3)
  for (const block of writers) t.match(block.text, /\bumask 077\b/, nameOf(block))
})

t.test('examples: no command replaces the settings of an installed Signpost', async t => {
  const lines = blocks.flatMap(({ text }) => text.split('\n'))
  const copies = lines.filter(line => /\b(?:install|cp) .* \/etc\/signpost\/signpost\.yaml$/.test(line))
  t.ok(copies.length > 0)
  for (const line of copies) t.match(line, /^test -e \/etc\/signpost\/signpost\.yaml \|\| /)
})

t.test('examples: every command line in them is valid', async t => {
  const lines = blocks
    .filter(({ language }) => ['sh', 'console'].includes(language))
    .flatMap(block => commandLines(block.text).map(argv => ({ argv, place: nameOf(block) })))
  t.ok(lines.length > 15)
  const terminal = {
    env: {},
    out: () => {},
    err: () => {},
    input: async () => Buffer.alloc(0),
    isTerminal: { out: false, err: false }
  }
  for (const {
    argv: [name, ...rest],
    place
  } of lines) {
    const command = commands.find(each => each.name === name)
    t.ok(command, `${place}: ${name}`)
    if (command !== undefined) t.doesNotThrow(() => parseCall(command, rest, terminal), `${place}: ${rest.join(' ')}`)
  }
})

t.test('examples: every npm script in them exists', async t => {
  const named = pages.flatMap(({ path, text }) =>
    Array.from(text.matchAll(/\bnpm run (?:-s )?([\w:]+)/g), ([, script = '']) => ({ path, script }))
  )
  t.ok(named.length > 5)
  for (const { path, script } of named) t.ok(script in manifest.scripts, `${path}: ${script}`)
})

t.test('examples: every settings field in inline code exists', async t => {
  const fields = /`((?:http|limits|log|signing|admin|directory|cache|mxLookup|users)(?:\.[a-zA-Z]+)+)(?::[^`]*)?`/g
  // Why not the reference: doctor's rules have names of the same form, and the settings are generated.
  const guides = pages.filter(({ path }) => !path.startsWith('docs/reference/'))
  const named = guides.flatMap(({ path, text }) =>
    Array.from(text.matchAll(fields), ([, field = '']) => ({ path, field }))
  )
  t.ok(named.length > 20)
  for (const { path, field } of named) t.ok(hasField(Settings, field.split('.')), `${path}: ${field}`)
})

function hasField(schema: object, [name, ...rest]: readonly string[]): boolean {
  if (name === undefined) return true
  const properties: object =
    Reflect.get(schema, 'properties') ?? Reflect.get(Reflect.get(schema, 'items') ?? {}, 'properties') ?? {}
  const inside: unknown = Reflect.get(properties, name)
  return typeof inside === 'object' && inside !== null && hasField(inside, rest)
}
