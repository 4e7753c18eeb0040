import fs, { existsSync, readFileSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { join } from 'node:path'
import t from 'tap'
import { writeNewFile } from '../../src/cli/write-new-file.ts'

/** Calls the function while no file can be filled, as on a full disk. Why synchronous: tap writes files of its own. */
function onFullDisk(call: () => void): void {
  const { writeFileSync } = fs
  fs.writeFileSync = () => {
    throw new Error('ENOSPC: no space left on device, write')
  }
  syncBuiltinESMExports()
  try {
    call()
  } finally {
    fs.writeFileSync = writeFileSync
    syncBuiltinESMExports()
  }
}

t.test('writeNewFile: creates folders, and replaces a file only if forced', t => {
  const file = join(t.testdir(), 'new', 'a.yaml')
  const write = (text: string, force: boolean) => writeNewFile(file, text, { force, advice: ' (advice)' })
  write('one', true)
  t.throws(() => write('two', false), {
    code: 'AC_FILE_EXISTS',
    message: `${file} exists and is not overwritten (advice)`
  })
  t.equal(readFileSync(file, 'utf8'), 'one')
  write('two', true)
  t.equal(readFileSync(file, 'utf8'), 'two')
  t.end()
})

t.test('writeNewFile: a full disk leaves no empty file behind', t => {
  const file = join(t.testdir(), 'a.yaml')
  for (const force of [false, true]) {
    const write = () => onFullDisk(() => writeNewFile(file, 'text', { force, advice: '' }))
    t.throws(write, {
      code: 'AC_CANNOT_WRITE',
      message: `cannot write ${file}: ENOSPC: no space left on device, write`
    })
    t.notOk(existsSync(file))
  }
  t.end()
})
