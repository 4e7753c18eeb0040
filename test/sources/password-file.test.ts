import { join } from 'node:path'
import t from 'tap'
import { readPasswordFile } from '../../src/sources/password-file.ts'

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

t.test('password file: why a file cannot be read does not contain its name', async t => {
  const folder = t.testdir({ hunter2: {} })
  t.same(readPasswordFile(join(folder, 'hunter2')), { problem: 'cannot read the file: it is a folder' })
  t.same(readPasswordFile(join(folder, 'hunter3')), { problem: 'cannot read the file: no such file' })
})
