import { rmSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { check } from '../../src/cli/commands/check.ts'
import { openSettingsAndKeys } from '../../src/serve/settings-and-keys.ts'
import { runCommand } from '../support/cli/terminal.ts'
import { exampleSettings } from '../support/served-app.ts'

const settings = (name: string) =>
  `limits: { rate: { redis: "redis://127.0.0.1", redisPasswordFile: ${name} } }\n${exampleSettings}`

t.test('settings and keys: the password for Redis is read whenever it is needed', async t => {
  const folder = t.testdir({ 'a.yaml': settings('password'), password: 'hunter2\n' })
  const { redisPassword } = openSettingsAndKeys(join(folder, 'a.yaml'))
  t.equal(redisPassword(), 'hunter2')
  rmSync(join(folder, 'password'))
  t.equal(redisPassword(), undefined)
})

t.test(
  'settings and keys: a password for Redis that cannot be read is reported at the start, and by check',
  async t => {
    const file = join(t.testdir({ 'a.yaml': settings('hunter2') }), 'a.yaml')
    const problem = 'limits.rate.redisPasswordFile: cannot read the file: no such file'
    t.throws(() => openSettingsAndKeys(file), { code: 'AC_SETTINGS_INVALID', message: problem })
    const { code, out } = await runCommand(check, ['--config', file])
    t.equal(code, 1)
    t.match(out, problem)
    t.notMatch(out, 'hunter2')
  }
)
