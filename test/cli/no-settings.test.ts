import { join } from 'node:path'
import t from 'tap'
import { serve } from '../../src/cli/commands/serve.ts'
import { runProgram } from '../support/cli/program.ts'
import { runCommand } from '../support/cli/terminal.ts'

const blank = '\ufeff# A comment.\n\n  #providers:\n---\n\t# More.\n'

t.test('no settings: serve lists ways to get some in six lines, and ends with exit code 2', async t => {
  const file = join(t.testdir({}), 'a\nb.yaml')
  const { code, out, err } = await runProgram(t, ['serve'], { env: { SIGNPOST_CONFIG: file } })
  t.equal(code, 2)
  t.equal(out, '')
  t.match(err, /^signpost: no settings: \S+a\\u\{a\}b\.yaml does not exist \[AC_NO_SETTINGS\]\n(?: {2}\S.*\n){4}$/)
  t.match(err, '  signpost serve --domain example.com --host mail.example.com ')
})

t.test('no settings: a file that has only comments, such as the template, is none', async t => {
  const file = join(t.testdir({ 'a.yaml': blank }), 'a.yaml')
  const message = `no settings: ${file} has only comments`
  await t.rejects(runCommand(serve, ['--config', file]), { code: 'AC_NO_SETTINGS', message })
  await t.rejects(runCommand(serve, [], { SIGNPOST_CONFIG: file }), { code: 'AC_NO_SETTINGS', message })
  const template = runCommand(serve, ['--config', 'config/signpost.template.yaml'])
  await t.rejects(template, { code: 'AC_NO_SETTINGS', message: 'config/signpost.template.yaml has only comments' })
})

t.test('no settings: any other fault of the file is reported as such', async t => {
  const folder = t.testdir({ 'a.yaml': `${blank}providers: 1\n` })
  await t.rejects(runCommand(serve, ['--config', join(folder, 'a.yaml')]), { code: 'AC_SETTINGS_INVALID' })
  await t.rejects(runCommand(serve, ['--config', join(folder, 'b.yaml')]), { code: 'AC_SETTINGS_UNREADABLE' })
  await t.rejects(runCommand(serve, [], { SIGNPOST_CONFIG: folder }), { code: 'AC_SETTINGS_UNREADABLE' })
})
