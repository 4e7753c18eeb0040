import { join } from 'node:path'
import t from 'tap'
import { readConsolePassword } from '../../../src/console/access/password-file.ts'

t.test('console password: the file is read as those of other passwords', async t => {
  const folder = t.testdir({ file: ' secret \n\n', sub: {} })
  t.same(readConsolePassword(join(folder, 'file')), { password: ' secret \n' })
  t.same(readConsolePassword(join(folder, 'sub')), { problem: 'cannot read the file: it is a folder' })
  t.same(readConsolePassword(join(folder, 'none')), { problem: 'cannot read the file: no such file' })
})

t.test('console password: an empty file has a problem that does not name the file', async t => {
  const folder = t.testdir({ hunter2: '', other: '\n' })
  const empty = { problem: 'found an empty file, expected a password' }
  t.same(readConsolePassword(join(folder, 'hunter2')), empty)
  t.same(readConsolePassword(join(folder, 'other')), empty)
})
