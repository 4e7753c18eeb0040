/**
 * Only ordinary files of limited size are read: nothing else can block the process or fill its memory.
 */
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, truncateSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { openSqlite } from '../../src/directories/sqlite.ts'
import { importPath } from '../../src/importers/import-path.ts'
import { entryReading } from '../../src/lookups/directory-entry.ts'
import { openFile } from '../../src/sources/file.ts'
import { readBytes, readLogo, readText } from '../../src/sources/read-file.ts'

function makeFifo(t: Test): string {
  const fifo = join(t.testdir({}), 'fifo')
  execFileSync('mkfifo', [fifo])
  return fifo
}

const other = 'it is not an ordinary file'

t.test('read bytes: a FIFO, a device and a socket are rejected immediately', async t => {
  const fifo = makeFifo(t)
  // Why not t.testdir: the path of a socket is at most 107 characters long.
  const folder = mkdtempSync(join(tmpdir(), 'read-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  const socket = join(folder, 'socket')
  const server = createServer().listen(socket)
  await once(server, 'listening')
  t.teardown(() => server.close())
  for (const file of [fifo, '/dev/zero', '/dev/null', socket]) t.same(readBytes(file, 10), { reason: other }, file)
})

t.test('read bytes: settings, keys, logos, databases and imports that are FIFOs are rejected immediately', async t => {
  const fifo = makeFifo(t)
  t.throws(() => openFile(fifo), { code: 'AC_SETTINGS_UNREADABLE', message: /not an ordinary file/ })
  t.same(readText(fifo), { reason: other })
  t.same(readLogo(fifo), { reason: `cannot read ${fifo}: ${other}` })
  t.throws(() => importPath(fifo), { code: 'AC_IMPORT_UNKNOWN', message: /other than a regular file/ })
  const directory = openSqlite({ parts: ['SELECT ', ''] }, fifo, { reader: entryReading, timeoutMs: 100 })
  t.teardown(() => directory.close())
  await t.rejects(directory.find('example.com'), { code: 'not-a-file', driverText: other })
})

t.test('read bytes: an import of an endless file without a size stops at the limit', async t => {
  // Spec: proc(5): it contains 8 bytes for each page of the address space, which are 256 GiB.
  t.throws(() => importPath('/proc/self/pagemap'), {
    code: 'AC_IMPORT_UNREADABLE',
    message: /found more than 262144 bytes/
  })
})

t.test('read bytes: a folder and a missing file give a reason', async t => {
  const folder = t.testdir({ a: 'abc', empty: '' })
  t.same(readBytes(folder, 10), { reason: 'it is a folder' })
  t.same(readBytes(join(folder, 'b'), 10), { reason: 'no such file' })
  t.match(readBytes(join(folder, 'a', 'b'), 10), { reason: /ENOTDIR/ })
  t.same(readBytes(join(folder, 'a'), 3), { bytes: Buffer.from('abc') })
  t.same(readBytes(join(folder, 'empty'), 0), { bytes: Buffer.alloc(0) })
})

t.test('read bytes: a file is cut off at the limit, even if it reports no size', async t => {
  const file = join(t.testdir({ a: 'abc' }), 'a')
  t.same(readBytes(file, 2), { reason: 'found 3 bytes, expected at most 2' })
  t.same(readBytes('/proc/self/status', 10), { reason: 'found more than 10 bytes' })
  t.match(readText('/proc/self/status'), { text: /^Name:/ })
  truncateSync(file, 1024 * 1024 * 1024)
  t.same(readText(file), { reason: 'found 1073741824 bytes, expected at most 4194304' })
  t.throws(() => openFile(file), { code: 'AC_SETTINGS_UNREADABLE', message: /expected at most 268435456/ })
})

t.test('importPath: the files of a folder are limited together', async t => {
  const folder = t.testdir({ a: '', b: '' })
  for (const name of ['a', 'b']) truncateSync(join(folder, name), 65 * 1024 * 1024)
  t.throws(() => importPath(folder), {
    code: 'AC_IMPORT_UNREADABLE',
    message: /found 136314880 bytes in its files, expected at most 134217728/
  })
})

const svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><rect width="1" height="1"/></svg>'
const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')

t.test('read logo: an image becomes a data: URL', async t => {
  const folder = t.testdir({
    'logo.svg': svg,
    'long.svg': `\ufeff<?xml version="1.0"?>\n<!-- <a> --><!-- b -->\n<!DOCTYPE svg PUBLIC "x" "y">\n${svg}`,
    'logo.png': png
  })
  const urlOf = (name: string) => readLogo(join(folder, name))
  t.same(urlOf('logo.svg'), { url: `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}` })
  t.match(urlOf('long.svg'), { url: /^data:image\/svg\+xml;base64,/ })
  t.same(urlOf('logo.png'), { url: `data:image/png;base64,${png.toString('base64')}` })
})

t.test('read logo: a file that is missing, too large or not an image gives a reason', async t => {
  const folder = t.testdir({
    'page.html': `<!DOCTYPE html><html>${svg}</html>`,
    'comments.svg': `${'<!-- x -->'.repeat(500)}<html>`,
    'logo.jpg': Buffer.from('ffd8ffe0', 'hex'),
    'empty.svg': '',
    'big.svg': svg + ' '.repeat(8192)
  })
  const reasonOf = (name: string) => readLogo(join(folder, name))
  for (const name of ['page.html', 'comments.svg', 'logo.jpg', 'empty.svg']) {
    t.same(reasonOf(name), { reason: `found neither SVG nor PNG in ${join(folder, name)}` })
  }
  const size = svg.length + 8192
  t.same(reasonOf('big.svg'), {
    reason: `cannot read ${join(folder, 'big.svg')}: found ${size} bytes, expected at most 8192`
  })
  t.same(reasonOf('none.svg'), { reason: `cannot read ${join(folder, 'none.svg')}: no such file` })
})
