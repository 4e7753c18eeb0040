import { spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import t from 'tap'
import { createSharedLogStream } from '../../../src/http/log/shared-log-stream.ts'

const module = JSON.stringify(new URL('../../../src/http/log/shared-log-stream.ts', import.meta.url).href)

t.test('shared log stream: lines of several processes in one pipe are not mixed', async t => {
  const writes = (name: string) => `
    import { createSharedLogStream } from ${module}
    const stream = createSharedLogStream(1)
    for (let round = 0; round < 20; round++) {
      for (let line = 0; line < 500; line++) stream.write('${name}'.repeat(10 + (line * 7) % 90) + '\\n')
      await new Promise(done => stream.flush(done))
    }`
  const both = ['a', 'b'].map(name => [process.execPath, '--input-type=module', '--eval', writes(name)])
  const shell = both.map(words => words.map(word => `'${word.replaceAll("'", `'\\''`)}'`).join(' ')).join(' & ')
  const child = spawn('sh', ['-c', `${shell} & wait`], { stdio: ['ignore', 'pipe', 'inherit'] })
  const lines = (await text(child.stdout)).trimEnd().split('\n')
  t.equal(lines.length, 20_000)
  t.same(
    lines.filter(line => !/^(a+|b+)$/.test(line)),
    []
  )
})

t.test('shared log stream: a flush writes all pending lines to a file', async t => {
  const file = join(t.testdir({}), 'log')
  const fd = openSync(file, 'w')
  t.teardown(() => closeSync(fd))
  const stream = createSharedLogStream(fd)
  const lines = Array.from({ length: 1000 }, (_, at) => `line ${at}\n`)
  for (const line of lines) stream.write(line)
  await new Promise<void>(done => stream.flush(done))
  t.equal(readFileSync(file, 'utf8'), lines.join(''))
})
