import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { exportCommand } from '../../../src/cli/commands/export.ts'
import { runCommand } from '../../support/cli/terminal.ts'
import { exampleSettings } from '../../support/served-app.ts'

function exporter(t: Test, settings = exampleSettings) {
  const parent = t.testdir({ 'a.yaml': settings, mine: { 'index.html': '' } })
  const env = { SIGNPOST_CONFIG: join(parent, 'a.yaml') }
  return { parent, run: (...argv: string[]) => runCommand(exportCommand, argv, env) }
}

t.test('export: writes documents, their list, and configuration for web servers', async t => {
  const { parent, run } = exporter(t)
  const folder = join(parent, 'site')
  t.same(await run(folder), {
    code: 0,
    out: `Wrote 20 documents for 10 hosts to ${folder}. Serve them with nginx.conf or Caddyfile.\n`,
    err: 'signpost: customers: "*.customers.example" is omitted because it matches any number of hosts\n'
  })
  const { files } = JSON.parse(readFileSync(join(folder, 'signpost-export.json'), 'utf8'))
  t.equal(files.length, 20)
  t.ok(files.includes('autoconfig.hoster.example/mail/config-v1.1.xml'))
  for (const file of [...files, 'nginx.conf', 'nginx-website.conf', 'Caddyfile']) t.ok(readFileSync(join(folder, file)))
  t.equal((await run(folder, '--provider', 'example')).err, '', 'of one provider, replacing the earlier export')
})

t.test('export: rejects a folder with other files, or renames it', async t => {
  const { parent, run } = exporter(t)
  const folder = join(parent, 'mine')
  await t.rejects(run(folder), { code: 'AC_EXPORT_OCCUPIED' })
  t.match(await run(folder, '--force'), {
    code: 0,
    err: `signpost: the old contents of ${folder} are now in ${folder}.before\n`
  })
  t.same(readdirSync(`${folder}.before`), ['index.html'])
})

t.test('export: exits with 1 if there is nothing to write, and reports invalid arguments', async t => {
  const { parent, run } = exporter(t)
  const folder = join(parent, 'site')
  t.match(await run(folder, '--provider', 'customers'), { code: 1, err: /signpost: there is nothing to export\n$/ })
  await t.rejects(run(folder, '--provider', 'other'), {
    code: 'AC_USAGE',
    message: '--provider: found "other", expected one of example, customers'
  })
  await t.rejects(run('/srv/a b'), {
    code: 'AC_USAGE',
    message: /^found "\/srv\/a b", expected a folder without spaces/
  })
})
