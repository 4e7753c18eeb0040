import { closeSync, existsSync, openSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { runProgram } from './support/cli/program.ts'

t.test('main: lists the commands if none is given', async t => {
  const { code, out, err } = await runProgram(t, [], { coverage: true })
  t.equal(code, 0)
  t.equal(err, '')
  t.match(out, /^Usage: signpost <command> \[options\]\n/)
  for (const line of [
    '  serve                          Answer mail programs.\n',
    '  check                          Check the settings table.\n',
    '  render <dialect> <address>     Print the document that a mail program gets.\n'
  ]) {
    t.match(out, line)
  }
})

t.test('main: prints its version and the help of a command', async t => {
  const [version, help] = await Promise.all([
    runProgram(t, ['--version']),
    runProgram(t, ['render', '-h'], { coverage: true })
  ])
  t.match(version, { code: 0, out: /^signpost \d+\.\d+\.\d+\n$/, err: '' })
  t.match(help, { code: 0, out: /^Usage: signpost render <dialect> <address> \[options\]\n/, err: '' })
})

t.test('main: exits with 2 and one line for an unknown command', async t => {
  const { code, out, err } = await runProgram(t, ['constructor'], { coverage: true })
  t.equal(code, 2)
  t.equal(out, '')
  t.match(
    err,
    /^signpost: found "constructor", expected a command: serve, check, render.* \(see signpost --help\) \[AC_USAGE\]\n$/
  )
})

t.test('main: suggests the command that was probably meant', async t => {
  const { err } = await runProgram(t, ['chekc'])
  t.match(err, /\(see signpost --help\), did you mean "check"\? \[AC_USAGE\]\n$/)
})

t.test('main: passes standard input to the command', async t => {
  const { code, out, err } = await runProgram(t, ['doctor', 'jane@example.com', '--password-stdin'], { coverage: true })
  t.same({ code, out }, { code: 2, out: '' })
  t.match(err, 'found nothing on standard input')
})

t.test('main: prints every finding of an invalid table; check exits with 1, serve with 2', async t => {
  const settings = 'providers: [{ id: A, name: N, domains: [a.example], servers: [{ protocol: imaps }] }]'
  const file = join(t.testdir({ 'a.yaml': settings }), 'a.yaml')
  const run = (command: string) => runProgram(t, [command], { env: { SIGNPOST_CONFIG: file }, coverage: true })
  const [checked, served] = await Promise.all([run('check'), run('serve')])
  t.equal(checked.code, 1)
  t.match(checked.out, `${file}:1:19 providers[0].id: found "A", expected `)
  t.match(checked.out, 'providers[0].servers[0].protocol: found "imaps", expected ')
  t.equal(checked.err, '')
  const last = 'signpost: the settings are invalid [AC_SETTINGS_INVALID]\n'
  t.same(served, { code: 2, out: '', err: `${checked.out}${last}` })
})

t.test('main: prints no error if the reader closes the pipe', async t => {
  const ended = await runProgram(t, ['render', 'outlook', 'jane@mailbox.org'], { stdout: 'closed', coverage: true })
  t.same(ended, { code: 0, out: '', err: '' })
})

t.test('main: exits with 2 and one line if the disk is full', { skip: !existsSync('/dev/full') }, async t => {
  const full = openSync('/dev/full', 'w')
  const { code, err } = await runProgram(t, ['render', 'outlook', 'jane@mailbox.org'], { stdout: full, coverage: true })
  closeSync(full)
  t.equal(code, 2)
  t.match(err, /^signpost: cannot write: ENOSPC.*\n$/)
})

t.test('main: the exit code is right if the message cannot be written', { skip: !existsSync('/dev/full') }, async t => {
  const full = openSync('/dev/full', 'w')
  const { code } = await runProgram(t, ['chekc'], { stderr: full, coverage: true })
  closeSync(full)
  t.equal(code, 2)
})

t.test('main: an unexpected error is printed with its stack', async t => {
  const breaks = 'data:text/javascript,process.stdout.write = () => { throw new Error("unforeseen") }'
  const { code, err } = await runProgram(t, ['--version'], { node: ['--import', breaks], coverage: true })
  t.equal(code, 1)
  t.match(err, /Error: unforeseen\n\s+at /)
})

t.test('main: text from foreign files is escaped on the terminal', async t => {
  const folder = t.testdir({ 'a\u202e\u009b2J.xml': 'a text' })
  const { code, err } = await runProgram(t, ['import', join(folder, 'a\u202e\u009b2J.xml')])
  t.equal(code, 2)
  t.match(err, 'a\\u{202e}\\u{9b}2J.xml: found a text')
})
