import { exec } from 'node:child_process'
import { closeSync, existsSync, openSync, renameSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { serve } from '../../src/cli/serve.ts'
import { exampleSettings } from '../served-app.ts'
import { type Program, root, runProgram, startProgram } from './program.ts'
import { runCommand } from './terminal.ts'

const shell = promisify(exec)

/** @returns where the program says that it listens */
async function urlOf(program: Program): Promise<URL> {
  return new URL(await program.says(/http:\S+:\d+/))
}

/** @returns a connection on which a request has begun, and what comes back */
async function begin({ hostname, port }: URL) {
  const socket = connect(Number(port), hostname).setEncoding('utf8')
  socket.write(
    'POST /autodiscover/autodiscover.xml HTTP/1.1\r\nHost: example.com\r\nContent-Length: 6\r\nExpect: 100-continue\r\n\r\n'
  )
  const chunks = socket[Symbol.asyncIterator]()
  const next = async () => String((await chunks.next()).value)
  const begun = await next()
  if (!begun.includes('100 Continue')) throw new Error(`found ${begun}`)
  return { finish: () => socket.write('<ham/>'), next }
}

t.test('serve: greets with requests that work, serves what render prints, and ends with 0', async t => {
  const file = join(t.testdir({ 'a.yaml': exampleSettings }), 'a.yaml')
  const env = { SIGNPOST_CONFIG: file, SIGNPOST_LISTEN: '127.0.0.1:0' }
  const program = startProgram(t, ['serve'], { env })
  const greeting = await program.says(/Signpost listens on[\s\S]*profile|Signpost listens on[\s\S]*mobileconfig.*\n/)
  t.match(greeting, '  example: example.com, xn--bcher-kva.example\n  customers: *.customers.example\n')
  const [autoconfig = '', autodiscover = '', profile = ''] = greeting.match(/curl .*/g) ?? []
  const [configured, discovered, installed, rendered] = await Promise.all([
    shell(`${autoconfig} --silent --show-error --fail`),
    shell(`${autodiscover} --silent --show-error --fail`),
    shell(`${profile} --silent --show-error --fail`),
    runProgram(t, ['render', 'apple', 'jane@example.com'], { env })
  ])
  t.match(configured.stdout, '<clientConfig version="1.1">')
  t.match(discovered.stdout, '<Action>settings</Action>')
  t.equal(installed.stdout, rendered.out)
  program.kill('SIGTERM')
  const { code, out, err } = await program.ended
  t.equal(code, 0)
  t.equal(err, greeting)
  const lines = out
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line))
  t.match(lines, [
    { dialect: 'thunderbird', domain: 'example.com', outcome: 'answered', client: 'curl', ms: Number },
    { dialect: 'outlook', domain: 'example.com', outcome: 'answered', client: 'curl', ms: Number },
    { dialect: 'apple', domain: 'example.com', outcome: 'answered', client: 'curl', ms: Number },
    { level: 30, msg: 'SIGTERM: finishing the requests under way' },
    { level: 30, msg: 'stopped' }
  ])
})

t.test('serve: takes changed settings by itself and on SIGHUP, and keeps the last good ones', async t => {
  const folder = t.testdir({
    'a.yaml': exampleSettings.replace('name: Customers', 'name: Customers\n    shortName: thirteen long')
  })
  const file = join(folder, 'a.yaml')
  const program = startProgram(t, ['serve', '--config', file, '--listen', '127.0.0.1:0'])
  const url = await urlOf(program)
  const ask = async () => (await fetch(`${url.origin}/mail/config-v1.1.xml?emailaddress=jane@example.com`)).text()
  t.match(await program.says(/.*"level":40.*/), `${file}:14:16 providers[1].shortName: warning: `)

  writeFileSync(file, exampleSettings.replaceAll('imap.example.com', 'imap2.example.com'))
  await program.says(/"providers":2,"msg":"settings reloaded"/)
  t.match(await ask(), '<hostname>imap2.example.com</hostname>')

  writeFileSync(join(folder, 'new.yaml'), exampleSettings.replace('protocol: imap,', 'protocol: imaps,'))
  renameSync(join(folder, 'new.yaml'), file)
  await program.says(/settings not reloaded: the last good table stays in use/)
  t.match(
    await program.says(/.*"level":50.*imaps.*/),
    `${file}:9:21 providers[0].servers[0].protocol: found \\"imaps\\"`
  )
  t.match(await ask(), '<hostname>imap2.example.com</hostname>')

  program.kill('SIGHUP')
  await program.says(/not reloaded[\s\S]*not reloaded/)
  t.match(await ask(), '<hostname>imap2.example.com</hostname>')
  program.kill('SIGINT')
  const { code, out } = await program.ended
  t.equal(code, 0)
  t.match(out, 'SIGINT: finishing the requests under way')
})

t.test('serve: SIGTERM lets a request end, a second one does not', async t => {
  const [patient, hasty] = [
    startProgram(t, ['serve', '--listen=:0']),
    startProgram(t, ['serve', '--listen', 'localhost:0'])
  ]
  const local = new URL(`http://127.0.0.1:${(await urlOf(patient)).port}`)
  const request = await begin(local)
  patient.kill('SIGTERM')
  await patient.says(/SIGTERM/)
  await t.rejects(fetch(local))
  request.finish()
  t.match(await request.next(), 'HTTP/1.1 200 OK')
  t.equal((await patient.ended).code, 0)

  await begin(await urlOf(hasty))
  hasty.kill('SIGTERM')
  await hasty.says(/SIGTERM/)
  hasty.kill('SIGTERM')
  t.equal((await hasty.ended).code, 1)
})

t.test('serve: an error that nobody foresaw is logged, and ends it with 1', async t => {
  const breaks = 'data:text/javascript,process.on("SIGWINCH", () => { throw new Error("unforeseen") })'
  const program = startProgram(t, ['serve', '--listen', '127.0.0.1:0'], { node: ['--import', breaks] })
  await urlOf(program)
  program.kill('SIGWINCH')
  const { code, out } = await program.ended
  t.equal(code, 1)
  t.match(out, /"level":60.*"message":"unforeseen".*"msg":"stopping after an error"/)
})

t.test(
  'serve: a log that cannot be written holds up neither answers nor the end',
  { skip: !existsSync('/dev/full') },
  async t => {
    const full = openSync('/dev/full', 'w')
    for (const stdout of [full, 'closed'] as const) {
      const program = startProgram(t, ['serve', '--listen', '127.0.0.1:0'], { stdout })
      const url = await urlOf(program)
      for (let at = 0; at < 200; at++) t.equal((await fetch(`${url.origin}/nowhere`)).status, 404)
      const started = performance.now()
      program.kill('SIGTERM')
      t.equal((await program.ended).code, 0)
      t.ok(performance.now() - started < 5_000)
    }
    closeSync(full)
  }
)

t.test('serve: where it cannot listen it says so in one line', async t => {
  const program = startProgram(t, ['serve', '--listen', '127.0.0.1:0'])
  const { host } = await urlOf(program)
  t.same(await runProgram(t, ['serve', '--listen', host]), {
    code: 2,
    out: '',
    err: `signpost: cannot listen on ${host}: the port is in use\n`
  })
  for (const [listen, message] of [
    ['192.0.2.1:8080', 'cannot listen on 192.0.2.1:8080: this machine does not have the address'],
    ['no..host:8080', 'cannot listen on no..host:8080: the host name is not known'],
    ['[ff02::1]:8080', /^cannot listen on \[ff02::1\]:8080: listen E/]
  ] as const) {
    await t.rejects(runCommand(serve, ['--listen', listen]), { code: 'AC_CANNOT_LISTEN', message })
  }
  program.kill('SIGTERM')
  await program.ended
})

t.test('serve: says what a place to listen looks like', async t => {
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
    await t.rejects(runCommand(serve, [], { SIGNPOST_LISTEN: text }), {
      code: 'AC_USAGE',
      message: `SIGNPOST_LISTEN: ${expected}`
    })
  }
})

t.test('serve: the settings say where to listen if nobody else does', async t => {
  const program = startProgram(t, ['serve', '--listen', '127.0.0.1:0'])
  const { port } = await urlOf(program)
  const settings = exampleSettings.replace('http: {', `http: { host: 127.0.0.1, port: ${port},`)
  const env = { SIGNPOST_CONFIG: join(t.testdir({ 'a.yaml': settings }), 'a.yaml'), SIGNPOST_LISTEN: '' }
  await t.rejects(runCommand(serve, [], env), { code: 'AC_CANNOT_LISTEN', message: `127.0.0.1:${port}` })
  program.kill('SIGTERM')
  await program.ended
})

t.test('serve: npm runs the commands too', async t => {
  const { stdout } = await shell('npm run --silent signpost -- check', { cwd: root })
  t.match(stdout, 'config/signpost.yaml: provider mailbox.org (mailbox.org): Thunderbird autoconfig')
})
