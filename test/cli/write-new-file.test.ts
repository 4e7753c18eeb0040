import fs, { chmodSync, existsSync, readFileSync, statSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { join } from 'node:path'
import t from 'tap'
import { writeNewFile } from '../../src/cli/write-new-file.ts'

/**
 * Calls the function while the disk is too full for its text: the file is emptied, and what fitted before still fits. Why synchronous:
 * tap writes files of its own.
 */
function onFullDisk(call: () => void): void {
  const { writeFileSync } = fs
  fs.writeFileSync = (file, text) => {
    const isTooLong = text === 'text'
    writeFileSync(file, isTooLong ? '' : text)
    if (isTooLong) throw new Error('ENOSPC: no space left on device, write')
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

t.test('writeNewFile: a file that is replaced keeps its text on a full disk, and its mode', t => {
  const file = join(t.testdir({ 'a.yaml': 'before' }), 'a.yaml')
  chmodSync(file, 0o640)
  t.throws(() => onFullDisk(() => writeNewFile(file, 'text', { force: true, advice: '' })), { code: 'AC_CANNOT_WRITE' })
  t.equal(readFileSync(file, 'utf8'), 'before')
  writeNewFile('/dev/null', 'text of a device', { force: true, advice: '' })
  writeNewFile(file, 'after', { force: true, advice: '' })
  t.equal(readFileSync(file, 'utf8'), 'after')
  t.equal(statSync(file).mode & 0o777, 0o640)
  t.end()
})
