import t from 'tap'
import { type Command, configFile, configOption, helpOf, parseCall, valuesOf } from '../../src/cli/command.ts'

const dig: Command = {
  name: 'dig',
  parameters: ['<place>', '<depth>'],
  summary: 'Dig a hole.',
  details: 'Prints what is found.',
  options: { config: configOption, deep: { type: 'boolean', summary: 'deeper than that' } },
  run: () => 0
}
const rest: Command = { ...dig, name: 'rest', parameters: [], options: {} }

const terminal = {
  env: {},
  out: () => undefined,
  err: () => undefined,
  input: async () => Buffer.alloc(0),
  isTerminal: { out: false, err: false }
}
const parse = (command: Command, ...argv: string[]) => parseCall(command, argv, terminal)

t.test('command: options and arguments may be in any order', async t => {
  for (const argv of [
    ['here', '3', '--config', 'a.yaml', '--deep'],
    ['--deep', '--config=a.yaml', 'here', '3'],
    ['here', '--deep', '3', '--config', 'b.yaml', '--config', 'a.yaml']
  ]) {
    const { args, options } = parse(dig, ...argv)
    t.same(args, ['here', '3'])
    t.same({ ...options }, { config: 'a.yaml', deep: true })
  }
  t.same(parse(dig, '--', '--deep', '-h').args, ['--deep', '-h'])
  t.same(parse(dig, 'here', '3', '--config=-').options.config, '-')
})

t.test('command: invalid arguments are reported with what was found and what is expected', async t => {
  for (const [command, argv, message] of [
    [dig, ['--depth'], 'unknown option --depth, expected one of --config, --deep, --help'],
    [
      dig,
      ['--conf=a.yaml', 'here', '3'],
      'unknown option --conf, expected one of --config, --deep, --help, did you mean "--config"?'
    ],
    [dig, ['-d', 'here', '3'], 'unknown option -d, expected one of --config, --deep, --help'],
    [dig, ['--constructor', 'here', '3'], 'unknown option --constructor, expected one of --config, --deep, --help'],
    [dig, ['--no-deep', 'here', '3'], 'unknown option --no-deep, expected one of --config, --deep, --help'],
    [dig, ['here', '3', '--config'], '--config: found no value, expected FILE'],
    [dig, ['--config=', 'here', '3'], '--config: found no value, expected FILE'],
    [dig, ['here', '3', '--config', ''], '--config: found no value, expected FILE'],
    [dig, ['--config', '--deep', 'here', '3'], '--config: found no value, expected FILE'],
    [dig, ['--deep=yes', 'here', '3'], '--deep: found "yes", expected no value'],
    [dig, [], 'dig: found nothing, expected <place> <depth>'],
    [dig, ['here'], 'dig: found "here", expected <place> <depth>'],
    [dig, ['here', '3', 'metres'], 'dig: found "here" "3" "metres", expected <place> <depth>'],
    [rest, ['here'], 'rest: found "here", expected no arguments']
  ] as const) {
    t.throws(() => parse(command, ...argv), { code: 'AC_USAGE', message }, message)
  }
})

t.test('command: a repeatable option keeps every value', async t => {
  const many: Command = {
    ...rest,
    options: { at: { type: 'string', value: 'PLACE', multiple: true, summary: 'where' } }
  }
  t.same(valuesOf(parse(many, '--at', 'here', '--at=there', '--at', 'here'), 'at'), ['here', 'there', 'here'])
  t.same(valuesOf(parse(many), 'at'), [])
  t.throws(() => parse(many, '--at', 'here', '--at'), {
    code: 'AC_USAGE',
    message: '--at: found no value, expected PLACE'
  })
  t.match(helpOf(many), '\n  --at PLACE …  where\n')
})

t.test('command: the last parameter can be repeated', async t => {
  const many: Command = { ...rest, name: 'many', parameters: ['<place>', '<depth>…'] }
  t.same(parse(many, 'here', '1', '2', '-').args, ['here', '1', '2', '-'])
  t.throws(() => parse(many, 'here'), { message: 'many: found "here", expected <place> <depth>…' })
})

t.test('command: help needs no arguments', async t => {
  for (const argv of [['--help'], ['-h'], ['here', '-h']]) t.equal(parse(dig, ...argv).options.help, true)
})

t.test('command: help shows the usage, a description, and every option', async t => {
  t.equal(
    helpOf(dig),
    `Usage: signpost dig <place> <depth> [options]

Dig a hole.

Prints what is found.

Options:
  --config FILE  settings table (or SIGNPOST_CONFIG; default config/signpost.yaml)
  --deep         deeper than that
  --help         show this help
`
  )
  t.match(helpOf(rest), 'Usage: signpost rest [options]\n')
})

t.test('command: the settings file comes from the option, the environment or the default', async t => {
  const named = (argv: string[], env: Record<string, string>) =>
    configFile(parseCall(dig, ['here', '3', ...argv], { ...terminal, env }))
  t.equal(named(['--config', 'a.yaml'], { SIGNPOST_CONFIG: 'b.yaml' }), 'a.yaml')
  t.equal(named([], { SIGNPOST_CONFIG: 'b.yaml' }), 'b.yaml')
  t.equal(named([], { SIGNPOST_CONFIG: '' }), 'config/signpost.yaml')
  t.equal(named([], {}), 'config/signpost.yaml')
})
