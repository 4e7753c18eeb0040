import { join } from 'node:path'
import t from 'tap'
import { readPasswordFile } from '../../../src/console/access/password-file.ts'

t.test('password file: one line end after the password is not part of it, and other white space is', async t => {
  for (const [text, password] of [
    ['secret', 'secret'],
    ['secret\n', 'secret'],
    ['secret\r\n', 'secret'],
    [' secret \n\n', ' secret \n']
  ] as const) {
    t.same(readPasswordFile(join(t.testdir({ file: text }), 'file')), { password })
  }
})

t.test(
  'password file: an empty file, a folder and a missing file have a problem that does not name the file',
  async t => {
    const folder = t.testdir({ hunter2: '', other: '\n', sub: {} })
    const empty = { problem: 'found an empty file, expected a password' }
    t.same(readPasswordFile(join(folder, 'hunter2')), empty)
    t.same(readPasswordFile(join(folder, 'other')), empty)
    t.same(readPasswordFile(join(folder, 'sub')), { problem: 'cannot read the file: it is a folder' })
    t.same(readPasswordFile(join(folder, 'none')), { problem: 'cannot read the file: no such file' })
  }
)
