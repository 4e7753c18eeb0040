import { exec } from 'node:child_process'
import { closeSync, existsSync, openSync, renameSync, writeFileSync } from 'node:fs'
import { get, type IncomingMessage } from 'node:http'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import t from 'tap'
import { serve } from '../../../src/cli/commands/serve.ts'
import { uncovered } from '../../support/child-processes.ts'
import { type Program, root, startProgram } from '../../support/cli/program.ts'
import { runCommand } from '../../support/cli/terminal.ts'
import { exampleSettings } from '../../support/served-app.ts'

const shell = promisify(exec)

/**
 * Settings without overload limits. Why: on a busy machine, the service would refuse requests. Why they are at the end: tests
 * expect line numbers of the other settings.
 */
const patientSettings = `${exampleSettings}limits: { overload: { delayMilliseconds: 0 } }\n`

/** @returns the URL in the greeting of the program */
async function urlOf(program: Program): Promise<URL> {
  return new URL(await program.says(/http:\S+:\d+/))
}

/** @returns what a curl command line would print. Why without curl: not every machine has it */
async function curl(line: string): Promise<string> {
  const [, host, url = ''] = /^curl (?:-H 'Host: ([^']+)' )?'?([^ ']+)'?$/.exec(line) ?? []
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  get(url, { headers: { ...(host !== undefined && { host }), 'user-agent': 'curl/8.5.0' } }, resolve).once(
    'error',
    reject
  )
  return await text(await promise)
}

/** @returns a connection with an unfinished request, and the data received */
async function begin({ hostname, port }: URL) {
  const socket = connect(Number(port), hostname).setEncoding('utf8')
  const head = [
    'POST /autodiscover/autodiscover.xml HTTP/1.1',
    'Host: example.com',
    'Content-Length: 6',
    'Expect: 100-continue'
  ]
  socket.write(`${head.join('\r\n')}\r\n\r\n`)
  const chunks = socket[Symbol.asyncIterator]()
  const next = async () => String((await chunks.next()).value)
  const begun = await next()
  if (!begun.startsWith('HTTP/1.1 100 Continue')) throw new Error(`found ${begun}`)
  return { finish: () => socket.write('<ham/>'), next }
}

t.test('serve: a separate process, from its start to its end', async t => {
  const warned = patientSettings.replace('name: Customers', 'name: Customers\n    shortName: thirteen long')
  const folder = t.testdir({ 'a.yaml': warned })
  const file = join(folder, 'a.yaml')
  const program = startProgram(t, ['serve'], { env: { SIGNPOST_CONFIG: file, SIGNPOST_LISTEN: '127.0.0.1:0' } })
  const greeting = await program.says(/^Signpost listens on[\s\S]*mobileconfig.*\n/m)
  const url = await urlOf(program)
  const autoconfig = `${url.origin}/mail/config-v1.1.xml?emailaddress=jane@example.com`
  const ask = async () => (await fetch(autoconfig)).text()

  await t.test('serve: the greeting shows what it serves, and requests that work', async t => {
    t.match(greeting, '  example: example.com, xn--bcher-kva.example\n  customers: *.customers.example\n')
    const lines = greeting.match(/curl .*/g) ?? []
    const [configured, discovered, installed] = await Promise.all(lines.map(curl))
    t.match(configured, '<clientConfig version="1.1">')
    t.match(discovered, '<Action>settings</Action>')
    t.match(installed, '<string>com.apple.mail.managed</string>')
  })

  await t.test('serve: logs warnings about the settings, and each request', async t => {
    t.match(await program.says(/.*"level":"warn".*/), `${file}:14:16 providers[1].shortName: warning: `)
    for (const dialect of ['thunderbird', 'outlook', 'apple']) {
      t.ok(
        await program.says(
          new RegExp(`"dialect":"${dialect}","outcome":"answered","status":200,"client":"curl","domain":"example.com"`)
        )
      )
    }
  })

  await t.test('serve: applies changed settings automatically', async t => {
    writeFileSync(file, patientSettings.replaceAll('imap.example.com', 'imap2.example.com'))
    await program.says(/"providers":2,"msg":"settings reloaded"/)
    t.match(await ask(), '<hostname>imap2.example.com</hostname>')
  })

  await t.test('serve: keeps the last good settings, and reports errors in the new ones', async t => {
    writeFileSync(join(folder, 'new.yaml'), patientSettings.replace('protocol: imap,', 'protocol: imaps,'))
    renameSync(join(folder, 'new.yaml'), file)
    await program.says(/"code":"AC_SETTINGS_INVALID","msg":"settings not reloaded: the last good table stays in use/)
    t.match(
      await program.says(/.*"level":"error".*imaps.*/),
      `${file}:9:21 providers[0].servers[0].protocol: found \\"imaps\\"`
    )
    t.match(await ask(), '<hostname>imap2.example.com</hostname>')
  })

  await t.test('serve: reads the settings again on SIGHUP', async t => {
    program.kill('SIGHUP')
    t.ok(await program.says(/settings not reloaded[\s\S]*settings not reloaded/))
  })

  await t.test('serve: a port in use is reported in one line', async t => {
    const message = `cannot listen on ${url.host}: the port is in use`
    await t.rejects(runCommand(serve, ['--listen', url.host]), { code: 'AC_CANNOT_LISTEN', message })
    const settings = exampleSettings.replace('http: {', `http: { host: 127.0.0.1, port: ${url.port},`)
    const env = { SIGNPOST_CONFIG: join(t.testdir({ 'a.yaml': settings }), 'a.yaml'), SIGNPOST_LISTEN: '' }
    await t.rejects(runCommand(serve, [], env), { code: 'AC_CANNOT_LISTEN', message })
  })

  await t.test('serve: after SIGTERM, a request in progress is completed', async t => {
    const request = await begin(url)
    program.kill('SIGTERM')
    await program.says(/SIGTERM: finishing the requests under way/)
    await t.rejects(begin(url), { code: 'ECONNREFUSED' })
    request.finish()
    t.match(await request.next(), 'HTTP/1.1 200 OK')
    const { code, out, err } = await program.ended
    t.equal(code, 0)
    t.match(out, /"msg":"stopped"\}\n$/)
    t.equal(err, greeting)
  })
})

t.test('serve: domains of a directory are served in addition to those of the table', async t => {
  const folder = t.testdir({})
  const domains = new DatabaseSync(join(folder, 'domains.sqlite'))
  domains.exec(
    "CREATE TABLE customer (domain TEXT, provider TEXT); INSERT INTO customer VALUES ('kunde.example', 'example')"
  )
  domains.close()
  const query = 'SELECT domain, provider FROM customer WHERE domain = :domain'
  const settings = `directory: { type: sqlite, file: domains.sqlite, query: "${query}" }\n${patientSettings}`
  writeFileSync(join(folder, 'a.yaml'), settings)
  const program = startProgram(t, ['serve', '--config', join(folder, 'a.yaml'), '--listen', '127.0.0.1:0'], {
    coverage: true
  })
  const { origin } = await urlOf(program)
  for (const domain of ['kunde.example', 'example.com']) {
    const answer = await fetch(`${origin}/mail/config-v1.1.xml?emailaddress=jane@${domain}`)
    t.match(await answer.text(), `<domain>${domain}</domain>`)
  }
  program.kill('SIGTERM')
  t.equal((await program.ended).code, 0)
})

t.test('serve: a second signal ends it immediately', async t => {
  const program = startProgram(t, ['serve', '--listen', 'localhost:0'])
  await begin(await urlOf(program))
  program.kill('SIGINT')
  await program.says(/SIGINT/)
  program.kill('SIGINT')
  t.equal((await program.ended).code, 1)
})

t.test('serve: an unexpected error is logged, and the process exits with 1', async t => {
  const breaks = 'data:text/javascript,process.on("SIGWINCH", () => { throw new Error("unforeseen") })'
  const program = startProgram(t, ['serve', '--listen', ':0'], { node: ['--import', breaks], coverage: true })
  await urlOf(program)
  program.kill('SIGWINCH')
  const { code, out } = await program.ended
  t.equal(code, 1)
  t.match(out, /"level":"fatal".*"message":"unforeseen".*"msg":"stopping after an error"/)
})

t.test('serve: a full disk delays neither responses nor the end', { skip: !existsSync('/dev/full') }, async t => {
  const full = openSync('/dev/full', 'w')
  const program = startProgram(t, ['serve', '--listen', '127.0.0.1:0'], { stdout: full })
  closeSync(full)
  const url = await urlOf(program)
  const ask = async () => t.equal((await fetch(`${url.origin}/nowhere`)).status, 404)
  await ask()
  // Why: the log is written twice a second.
  await sleep(700)
  await ask()
  program.kill('SIGTERM')
  t.equal((await program.ended).code, 0)
})

t.test('serve: reports why it cannot listen', async t => {
  for (const [listen, message] of [
    ['192.0.2.1:8080', 'cannot listen on 192.0.2.1:8080: this machine does not have the address'],
    ['no..host:8080', 'cannot listen on no..host:8080: the host name is not known'],
    ['[ff02::1]:8080', /^cannot listen on \[ff02::1\]:8080: listen E/]
  ] as const) {
    await t.rejects(runCommand(serve, ['--listen', listen]), { code: 'AC_CANNOT_LISTEN', message })
  }
})

t.test('serve: listens on port 8080 of every address by default', async t => {
  const holder = createServer().on('error', () => undefined)
  t.teardown(() => holder.close())
  // Why several attempts: another program may use the port, and release it in between. An error that names the port proves the
  // same.
  for (let tries = 0; !holder.listening && tries < 50; tries++) {
    if (tries > 0) await sleep(100)
    holder.listen(8080, '0.0.0.0')
    await new Promise(resolve => holder.once('listening', resolve).once('error', resolve))
  }
  const env = { SIGNPOST_CONFIG: join(t.testdir({ 'a.yaml': exampleSettings.replace(/http:.*/, '') }), 'a.yaml') }
  const message = 'cannot listen on [::]:8080: the port is in use'
  await t.rejects(runCommand(serve, [], env), { code: 'AC_CANNOT_LISTEN', message })
})

t.test('serve: explains the form of an address to listen on', async t => {
  for (const text of [
    '8080',
    'localhost',
    'localhost:',
    ':',
    '::1:8080',
    '[::1]',
    '[::g]:80',
    '127.0.0.1:65536',
    'a b:80',
    ':-1'
  ]) {
    const expected = `found "${text}", expected HOST:PORT such as 127.0.0.1:8080, [::]:8080 or :8080`
    await t.rejects(runCommand(serve, [`--listen=${text}`]), { code: 'AC_USAGE', message: `--listen: ${expected}` })
    const env = { SIGNPOST_LISTEN: text }
    await t.rejects(runCommand(serve, [], env), { code: 'AC_USAGE', message: `SIGNPOST_LISTEN: ${expected}` })
  }
})

t.test('serve: npm run signpost runs the commands, too', async t => {
  const { stdout } = await shell('npm run --silent signpost -- check', {
    cwd: root,
    env: { ...process.env, ...uncovered }
  })
  t.match(stdout, 'config/signpost.yaml: provider mailbox.org (mailbox.org): Thunderbird autoconfig')
})

for (const workers of ['1', '2']) {
  t.test(`serve: serves domains from the environment, without a settings file (${workers} workers)`, async t => {
    const env = {
      SIGNPOST_CONFIG: join(t.testdir({}), 'signpost.yaml'),
      SIGNPOST_DOMAINS: 'example.com',
      SIGNPOST_HOST: 'mail.example.com',
      SIGNPOST_LISTEN: '127.0.0.1:0',
      SIGNPOST_WORKERS: workers,
      SIGNPOST_NAME: 'A name with more than thirty characters'
    }
    const program = startProgram(t, ['serve'], { env, coverage: workers === '1' })
    const { origin } = await urlOf(program)
    await program.says(/command line:\d+:\d+ providers\[0\]\.name: warning: found 39 characters/)
    const ask = async (): Promise<string> => {
      const response = await fetch(`${origin}/mail/config-v1.1.xml?emailaddress=jane@example.com`)
      // Why: on a busy machine, the service refuses requests for some seconds after its start.
      if (response.status !== 503) return await response.text()
      await sleep(500)
      return await ask()
    }
    t.match(await ask(), '<hostname>mail.example.com</hostname>')
    if (workers === '1') {
      program.kill('SIGHUP')
      await program.says(/settings reloaded/)
      t.match(await ask(), '<hostname>mail.example.com</hostname>')
    }
    program.kill('SIGTERM')
    t.equal((await program.ended).code, 0)
  })
}
