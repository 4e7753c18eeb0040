import { closeSync, existsSync, openSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { runProgram } from './cli/program.ts'

t.test('main: help and version', async t => {
  const [none, short, version, ofCommand] = await Promise.all(
    [[], ['-h'], ['--version'], ['render', '-h']].map(args => runProgram(t, args))
  )
  t.match(none, { code: 0, err: '' })
  t.match(none?.out, /^Usage: signpost <command> \[options\]\n/)
  for (const line of [
    '  serve                          Answer mail programs.\n',
    '  check                          Check the settings table.\n',
    '  render <dialect> <address>     Print the document that a mail program gets.\n'
  ]) {
    t.match(none?.out, line)
  }
  t.same(short, none)
  t.match(version, { code: 0, out: /^signpost \d+\.\d+\.\d+\n$/, err: '' })
  t.match(ofCommand, { code: 0, out: /^Usage: signpost render <dialect> <address> \[options\]\n/, err: '' })
})

t.test('main: a wrong call is one line and 2', async t => {
  const expected = 'expected a command: serve, check, render (signpost --help tells more)'
  const ended = await Promise.all(
    (
      [
        [['bogus'], `found "bogus", ${expected}`],
        [['toString'], `found "toString", ${expected}`],
        [['check', '--config', 'no.yaml'], 'cannot read the settings table no.yaml: no such file']
      ] as const
    ).map(async ([args, line]) => ({ line, ...(await runProgram(t, args)) }))
  )
  for (const { line, ...program } of ended) t.same(program, { code: 2, out: '', err: `signpost: ${line}\n` })
})

t.test('main: a broken table is every finding, 1 of check and 2 of serve', async t => {
  const settings = 'providers: [{ id: A, name: N, domains: [a.example], servers: [{ protocol: imaps }] }]'
  const file = join(t.testdir({ 'a.yaml': settings }), 'a.yaml')
  const run = (...args: string[]) => runProgram(t, args, { env: { SIGNPOST_CONFIG: file } })
  const [checked, served] = await Promise.all([run('check'), run('serve')])
  t.equal(checked.code, 1)
  t.match(checked.out, `${file}:1:19 providers[0].id: found "A", expected `)
  t.match(checked.out, 'providers[0].servers[0].protocol: found "imaps", expected ')
  t.equal(checked.err, '')
  t.same(served, { code: 2, out: '', err: checked.out })
})

t.test('main: who stops reading gets no complaint', async t => {
  const ended = await runProgram(t, ['render', 'outlook', 'jane@mailbox.org'], { stdout: 'closed' })
  t.same(ended, { code: 0, out: '', err: '' })
})

t.test('main: a full disk is one line and 2', { skip: !existsSync('/dev/full') }, async t => {
  const full = openSync('/dev/full', 'w')
  const ended = await runProgram(t, ['render', 'outlook', 'jane@mailbox.org'], { stdout: full })
  closeSync(full)
  t.equal(ended.code, 2)
  t.match(ended.err, /^signpost: cannot write: ENOSPC.*\n$/)
})

t.test('main: an error that nobody foresaw shows where it came from', async t => {
  const breaks = 'data:text/javascript,process.stdout.write = () => { throw new Error("unforeseen") }'
  const { code, err } = await runProgram(t, ['--version'], { node: ['--import', breaks] })
  t.equal(code, 1)
  t.match(err, /Error: unforeseen\n\s+at /)
})
