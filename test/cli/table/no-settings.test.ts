import { join } from 'node:path'
import t from 'tap'
import { check } from '../../../src/cli/commands/check.ts'
import { dns } from '../../../src/cli/commands/dns.ts'
import { exportCommand } from '../../../src/cli/commands/export.ts'
import { qr } from '../../../src/cli/commands/qr.ts'
import { render } from '../../../src/cli/commands/render.ts'
import { serve } from '../../../src/cli/commands/serve.ts'
import { runProgram } from '../../support/cli/program.ts'
import { runCommand } from '../../support/cli/terminal.ts'

const blank = '\ufeff# A comment.\n\n  #providers:\n---\n\t# More.\n'

t.test('no settings: serve lists ways to create settings in six lines, and exits with 2', async t => {
  const file = join(t.testdir({}), 'a\nb.yaml')
  const { code, out, err } = await runProgram(t, ['serve'], { env: { SIGNPOST_CONFIG: file }, coverage: true })
  t.equal(code, 2)
  t.equal(out, '')
  t.match(err, /^signpost: no settings: \S+a\\u\{a\}b\.yaml does not exist \[AC_NO_SETTINGS\]\n(?: {2}\S.*\n){4}$/)
  t.match(err, '  signpost serve --domain example.com --host mail.example.com ')
})

t.test('no settings: a file with only comments, such as the template, counts as missing', async t => {
  const file = join(t.testdir({ 'a.yaml': blank }), 'a.yaml')
  const message = `no settings: ${file} has only comments`
  await t.rejects(runCommand(serve, ['--config', file]), { code: 'AC_NO_SETTINGS', message })
  await t.rejects(runCommand(serve, [], { SIGNPOST_CONFIG: file }), { code: 'AC_NO_SETTINGS', message })
  const template = runCommand(serve, ['--config', 'config/signpost.template.yaml'])
  await t.rejects(template, { code: 'AC_NO_SETTINGS', message: 'config/signpost.template.yaml has only comments' })
})

t.test('no settings: other commands list the same ways, unless --config is given', async t => {
  const file = join(t.testdir({}), 'a.yaml')
  const settings = { SIGNPOST_CONFIG: file }
  const message = `no settings: ${file} does not exist`
  for (const [command, ...args] of [
    [check],
    [dns, 'example.com'],
    [exportCommand, 'folder'],
    [qr, 'apple', 'jane@example.com'],
    [render, 'thunderbird', 'example.com']
  ] as const) {
    await t.rejects(runCommand(command, args, settings), { code: 'AC_NO_SETTINGS', message }, command.name)
    const named = runCommand(command, [...args, '--config', file], settings)
    await t.rejects(named, { code: 'AC_SETTINGS_UNREADABLE' }, command.name)
  }
})

t.test('no settings: other problems with the file are reported as such', async t => {
  const folder = t.testdir({ 'a.yaml': `${blank}providers: 1\n` })
  await t.rejects(runCommand(serve, ['--config', join(folder, 'a.yaml')]), { code: 'AC_SETTINGS_INVALID' })
  await t.rejects(runCommand(serve, ['--config', join(folder, 'b.yaml')]), { code: 'AC_SETTINGS_UNREADABLE' })
  await t.rejects(runCommand(serve, [], { SIGNPOST_CONFIG: folder }), { code: 'AC_SETTINGS_UNREADABLE' })
})
