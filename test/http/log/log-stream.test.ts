import { spawnSync } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { createLogStream, type System } from '../../../src/http/log/log-stream.ts'

type Done = Parameters<System['write']>[2]

/** A file system whose writes complete when the test says so. */
function slowSystem() {
  const blocks: { text: string; done: Done }[] = []
  const write: System['write'] = (_fd, block, done) => blocks.push({ text: block.toString(), done })
  return { blocks, system: { write } }
}

t.test('log stream: writes lines in order, in one block, and calls back', async t => {
  const file = join(t.testdir({}), 'log')
  const fd = openSync(file, 'w')
  t.teardown(() => closeSync(fd))
  const stream = createLogStream(fd)
  stream.write('one\n')
  stream.write('zwei: ü\n')
  await new Promise<void>(done => stream.flush(done))
  t.equal(readFileSync(file, 'utf8'), 'one\nzwei: ü\n')
  await new Promise<void>(done => stream.flush(done))
})

t.test('log stream: a line is written within half a second without a flush', async t => {
  const { blocks, system } = slowSystem()
  const stream = createLogStream(1, system)
  stream.write('one\n')
  t.equal(blocks.length, 0)
  await new Promise(rested => setTimeout(rested, 400))
  t.equal(blocks[0]?.text, 'one\n')
  stream.write('two\n')
  blocks[0]?.done(null, 4)
  await new Promise(rested => setTimeout(rested, 400))
  t.equal(blocks[1]?.text, 'two\n')
})

t.test('log stream: the rest of a partial write is written afterwards', async t => {
  const { blocks, system } = slowSystem()
  const stream = createLogStream(1, system)
  stream.write('12345')
  const flushed = new Promise<void>(done => stream.flush(done))
  blocks[0]?.done(null, 2)
  t.equal(blocks[1]?.text, '345')
  blocks[1]?.done(null, 3)
  await flushed
})

t.test('log stream: a full pipe is retried, a broken one is not', async t => {
  const { blocks, system } = slowSystem()
  const stream = createLogStream(1, system)
  stream.write('one\n')
  const flushed = new Promise<void>(done => stream.flush(done))
  blocks[0]?.done(Object.assign(new Error('full'), { code: 'EAGAIN' }), 0)
  await new Promise(tried => setTimeout(tried, 60))
  t.equal(blocks[1]?.text, 'one\n')
  blocks[1]?.done(Object.assign(new Error('broken'), { code: 'EPIPE' }), 0)
  await flushed
  t.equal(blocks.length, 2)
})

t.test('log stream: a full buffer drops lines, counts them and reports the first time', async t => {
  const { blocks, system } = slowSystem()
  const stream = createLogStream(1, system)
  let reports = 0
  stream.onFirstDrop(() => {
    reports += 1
  })
  const line = `${'x'.repeat(999)}\n`
  for (let count = 0; count < 1000; count += 1) stream.write(line)
  t.equal(blocks.length, 1)
  t.equal(reports, 0, 'nothing is reported while there is no room for the report')
  const first = blocks[0]?.text.length ?? 0
  blocks[0]?.done(null, first)
  const flushed = new Promise<void>(done => stream.flush(done))
  const second = blocks[1]?.text.length ?? 0
  blocks[1]?.done(null, second)
  await flushed
  t.ok(first + second <= 128 * 1024)
  t.equal(stream.dropped, 1000 - (first + second) / line.length)
  t.equal(reports, 1)
  const before = stream.dropped
  stream.write('x'.repeat(70_000))
  await new Promise<void>(done => stream.flush(done))
  t.equal(blocks.length, 2, 'a line longer than a block is dropped, too')
  t.equal(stream.dropped, before + 1)
  t.equal(reports, 1, 'only the first time is reported')
})

t.test('log stream: pending lines are written at exit, if possible', async t => {
  const module = JSON.stringify(new URL('../../../src/http/log/log-stream.ts', import.meta.url).href)
  const run = (fd: string) =>
    spawnSync(process.execPath, [
      '--input-type=module',
      '-e',
      `import { createLogStream } from ${module}; createLogStream(${fd}).write('last words')`
    ])
  t.equal(run('1').stdout.toString(), 'last words')
  t.equal(run('99').status, 0)
})

t.test('log stream: writes blocks of whole lines if a size is given, and a longer line in one piece', async t => {
  const { blocks, system } = slowSystem()
  const stream = createLogStream(1, system, { pieceBytes: 10 })
  const long = `${'x'.repeat(20)}\n`
  for (const line of ['1234\n', '5678\n', '90\n', long, '1\n']) stream.write(line)
  const flushed = new Promise<void>(done => stream.flush(done))
  for (let at = 0; at < blocks.length; at++) blocks[at]?.done(null, blocks[at]?.text.length ?? 0)
  await flushed
  t.same(
    blocks.map(({ text }) => text),
    ['1234\n5678\n', '90\n', long, '1\n']
  )
})
