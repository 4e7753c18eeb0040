/**
 * Every file of test/golden/dns has settings, a command line and its output. `UPDATE_GOLDEN=1 npm test` writes the outputs again.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { dns } from '../../src/cli/commands/dns.ts'
import { readGolden, writeGolden } from '../golden/golden-file.ts'
import { runCommand } from '../support/cli/terminal.ts'

const folder = new URL('../golden/dns/', import.meta.url)
const update = process.env.UPDATE_GOLDEN === '1'

for (const name of readdirSync(folder).sort()) {
  t.test(name, async t => {
    const file = new URL(name, folder)
    const golden = readGolden(readFileSync(file, 'utf8'))
    const env = { SIGNPOST_CONFIG: join(t.testdir({ 'settings.yaml': golden.settings }), 'settings.yaml') }
    const [program, command, ...argv] = golden.request.trim().split(' ')
    t.same([program, command], ['signpost', 'dns'])
    const { code, out, err } = await runCommand(dns, argv, env)
    const answer = `${out}${err}`
    if (update) writeFileSync(file, writeGolden({ ...golden, answer }))
    else t.equal(answer, golden.answer)
    t.equal(code, err === '' ? 0 : 1)
  })
}
