import t from 'tap'
import { describe, type Finding } from '../../../src/settings/load/finding.ts'

const finding: Finding = {
  severity: 'error',
  file: 'config/signpost.yaml',
  line: 12,
  column: 9,
  path: 'providers[0].servers[2].port',
  message: 'found "imaps", expected an integer from 1 to 65535'
}

t.test('describe: tells file, line, column, path, what was found and what is allowed', async t => {
  t.equal(
    describe(finding),
    'config/signpost.yaml:12:9 providers[0].servers[2].port: found "imaps", expected an integer from 1 to 65535'
  )
})

t.test('describe: says of a warning that it is one', async t => {
  t.equal(
    describe({ ...finding, severity: 'warning', path: 'providers[0].name', message: 'found 31 characters' }),
    'config/signpost.yaml:12:9 providers[0].name: warning: found 31 characters'
  )
})

t.test('describe: leaves out the path where the file as a whole is meant', async t => {
  t.equal(describe({ ...finding, path: '', message: 'found a tab' }), 'config/signpost.yaml:12:9 found a tab')
})
