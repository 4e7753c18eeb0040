import t from 'tap'
import { createLogger } from '../../../src/http/log/access-log.ts'
import { createPrettyLine } from '../../../src/http/log/pretty-line.ts'

/** @returns a logger, and its last line without the time */
function prettyLog(colours = false) {
  const lines: string[] = []
  const toText = createPrettyLine({ colours })
  const logger = createLogger({}, { write: line => lines.push(toText(line)) }, { worker: 2 })
  return { logger, lines, last: () => (lines.at(-1) ?? '').replace(/^\[\d\d:\d\d:\d\d\.\d{3}\] /, '') }
}

t.test('pretty line: a request is one line with its known fields', async t => {
  const { logger, last } = prettyLog()
  const request = {
    dialect: 'thunderbird',
    outcome: 'answered',
    status: 200,
    client: 'curl',
    domain: 'example.com',
    ms: 0.041
  }
  logger.info(request)
  t.equal(last(), 'INFO: thunderbird example.com answered (200) to curl in 0.041 ms {"worker":2}\n')
  logger.info({ ...request, dialect: 'none', domain: undefined, clientAddress: '192.0.2.0/24' })
  t.equal(last(), 'INFO: answered (200) to curl at 192.0.2.0/24 in 0.041 ms {"worker":2}\n')
})

t.test('pretty line: other lines are the message followed by its fields', async t => {
  const { logger, last } = prettyLog()
  logger.warn({ by: 'example.com' }, 'profiles are signed')
  t.equal(last(), 'WARN: profiles are signed {"worker":2,"by":"example.com"}\n')
  logger.info({ by: 'example.com' })
  t.match(last(), '"by":"example.com"')
})

t.test('pretty line: an error has its stack, one call per line', async t => {
  const { logger, last } = prettyLog()
  logger.fatal({ err: new Error('unforeseen') }, 'stopping after an error')
  t.match(last(), /^FATAL: stopping after an error .*\n[\s\S]*Error: unforeseen\n\s+at .*pretty-line\.test\.ts/)
})

t.test('pretty line: no message or field can control the terminal or begin another line', async t => {
  const { logger, lines } = prettyLog()
  const hostile = '\u001b[2J\u009b1m\r\nINFO: forged\u202e\u2028'
  logger.info({ domain: hostile, value: hostile, err: new Error(hostile) }, hostile)
  logger.info({ dialect: 'none', outcome: hostile, domain: hostile })
  for (const line of lines) {
    t.match(line, '\\u{1b}[2J')
    t.notMatch(line, /(?!\n)[\p{C}\p{Zl}\p{Zp}]|^INFO/mu)
  }
})

t.test('pretty line: levels have colours on request', async t => {
  const { logger, lines } = prettyLog(true)
  logger.error('red')
  t.match(lines[0], '\u001b[31mERROR\u001b[39m: ')
})
