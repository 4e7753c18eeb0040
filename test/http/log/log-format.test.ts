import t from 'tap'
import { formatLog } from '../../../src/http/log/log-format.ts'
import type { LogStream } from '../../../src/http/log/log-stream.ts'
import type { Settings } from '../../../src/settings/schema.ts'

const line = '{"level":"info","time":"2026-11-30T09:42:16.123Z","msg":"stopped"}\n'

/** @returns the output for a log line, on a terminal (descriptor 7) or elsewhere */
async function written(
  settings: Settings['log'],
  { fd = 7, env = {} }: { fd?: number; env?: Record<string, string> } = {}
) {
  const texts: string[] = []
  const stream = { write: (text: string) => texts.push(text) } as unknown as LogStream
  const formatted = await formatLog(stream, settings, { fd, env, isTerminal: descriptor => descriptor === 7 })
  formatted.write(line)
  return texts.join('')
}

const plain = /^\[\d\d:\d\d:\d\d\.123\] INFO: stopped\n$/
const coloured = '\u001b[32mINFO\u001b[39m'

t.test('log format: auto is text on a terminal, and JSON elsewhere', async t => {
  for (const settings of [undefined, {}, { format: 'auto' }] as const) {
    t.match(await written(settings), coloured)
    t.equal(await written(settings, { fd: 8 }), line)
  }
})

t.test('log format: log.format overrides the default', async t => {
  t.equal(await written({ format: 'json' }), line)
  t.match(await written({ format: 'pretty' }), coloured)
  t.match(await written({ format: 'pretty' }, { fd: 8 }), plain)
})

t.test('log format: colours follow NO_COLOR, FORCE_COLOR and TERM', async t => {
  for (const env of [{ NO_COLOR: '1' }, { TERM: 'dumb' }, { FORCE_COLOR: '0' }])
    t.match(await written({}, { env }), plain)
  t.match(await written({ format: 'pretty' }, { fd: 8, env: { FORCE_COLOR: '1' } }), coloured)
})

t.test('log format: by default the descriptor and the environment of the process decide', async t => {
  const stream = { write: () => undefined } as unknown as LogStream
  t.equal(await formatLog(stream, {}, { fd: -1 }), stream)
})

t.test('log format: text is counted, dropped and flushed like JSON', async t => {
  let flushed = 0
  let reports = 0
  const stream: LogStream = {
    write: () => undefined,
    dropped: 3,
    onFirstDrop: listener => listener(),
    flush(done) {
      flushed += 1
      done()
    }
  }
  const formatted = await formatLog(stream, { format: 'pretty' }, { fd: 8 })
  t.equal(formatted.dropped, 3)
  formatted.onFirstDrop(() => {
    reports += 1
  })
  await new Promise<void>(done => formatted.flush(done))
  t.same([flushed, reports], [1, 1])
})
