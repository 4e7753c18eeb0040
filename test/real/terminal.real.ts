// Signpost on a real terminal, which `script` makes: a person reads text with colours, and a program reads JSON.

import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { type RunningProgram, start } from './program.ts'

const address = { host: '127.0.0.1', port: 8080 }
const url = `http://127.0.0.1:8080/mail/config-v1.1.xml?emailaddress=jane@example.com`

const directory = await mkdtemp(join(tmpdir(), 'terminal-'))
t.teardown(() => rm(directory, { recursive: true }))

const access = 'thunderbird example.com answered (200) to curl'

/** @returns the text on the terminal after one request and a stop */
async function onTerminal(name: string, options: string, env: NodeJS.ProcessEnv = {}): Promise<string> {
  const log = join(directory, name)
  const serve = `serve --domain example.com --host mail.example.com --listen :8080 ${options}`
  // Why exec: a signal to `script` goes to the shell, but must reach Signpost.
  const shown = `exec ${process.execPath} src/main.ts ${serve}`
  const program: RunningProgram = await start('script', ['-qefc', shown, '/dev/null'], {
    log,
    env: { TERM: 'xterm', NO_COLOR: undefined, FORCE_COLOR: undefined, ...env },
    ready: [address]
  })
  try {
    const answer = await fetch(url, { headers: { 'user-agent': 'curl/8.5.0' } })
    await answer.text()
    const isLogged = (text: string) => text.includes(access)
    for (let look = 0; look < 200 && !isLogged(await readFile(log, 'utf8')); look++) await sleep(50)
    return await readFile(log, 'utf8')
  } finally {
    await program.stop()
  }
}

for (const workers of ['1', '2']) {
  t.test(
    `terminal: log lines are text with colours, below a URL that opens in a browser (${workers} workers)`,
    async t => {
      const text = await onTerminal(`text-${workers}`, `--workers ${workers}`)
      t.match(text, 'Signpost listens on http://localhost:8080/ (all addresses) and serves\r\n')
      t.match(text, `\u001b[32mINFO\u001b[39m: \u001b[36m${access}`)
      t.notMatch(text, '"level"')
    }
  )
}

t.test('terminal: NO_COLOR switches colours off', async t => {
  const text = await onTerminal('plain', '', { NO_COLOR: '1' })
  t.match(text, `INFO: ${access}`)
  t.notMatch(text, '\u001b')
})
