import { join } from 'node:path'
import t, { type Test } from 'tap'
import { qr } from '../../../src/cli/commands/qr.ts'
import { runCommand } from '../../support/cli/terminal.ts'
import { modulesOfBlocks, modulesOfSvg, readQr } from '../../support/formats/read-qr.ts'
import { exampleSettings, serveApp } from '../../support/served-app.ts'

function runner(t: Test, settings = exampleSettings) {
  const env = { SIGNPOST_CONFIG: join(t.testdir({ 'a.yaml': settings }), 'a.yaml') }
  return (...argv: string[]) => runCommand(qr, argv, env)
}

const address = 'Jane+tag@bücher.example'
t.test('qr: text prints the content of the code', async t => {
  const run = runner(t)
  const servers =
    '[1,[1,1],[0,"imap.example.com",993,3,1,"Jane+tag@xn--bcher-kva.example"],[[[0,"smtp.example.com",465,3,1,"Jane+tag@xn--bcher-kva.example"]'
  const identity = '["Jane+tag@xn--bcher-kva.example","Jan\\u00e9 D"]]]]'
  const url =
    'https://autoconfig.xn--bcher-kva.example/email.mobileconfig?email=Jane%2Btag%40xn--bcher-kva.example&name=Jan%C3%A9%20D'
  const printed = (out: string) => ({ code: 0, out: `${out}\n`, err: '' })
  const named = [address, '--name', 'Jané D', '--format', 'text']
  t.same(await run('thunderbird', ...named), printed(`${servers},${identity}`))
  t.same(await run('apple', ...named), printed(url))
})

t.test('qr: an independent reader finds the same text in the image and on the terminal', async t => {
  const run = runner(t)
  for (const kind of ['thunderbird', 'apple']) {
    const call = [kind, address, '--name', 'Jané D']
    const [text, svg, blocks] = await Promise.all([
      run(...call, '--format', 'text'),
      run(...call, '--format', 'svg'),
      run(...call)
    ])
    t.equal(readQr(modulesOfSvg(svg.out)), text.out.trimEnd())
    t.equal(readQr(modulesOfBlocks(blocks.out)), text.out.trimEnd())
    t.equal(svg.code + blocks.code, 0)
  }
})

t.test('qr: the title of the image contains the address and the device', async t => {
  const run = runner(t)
  const titleOf = async (...argv: string[]) =>
    /<title>(.*)<\/title>/.exec((await run(...argv, '--format', 'svg')).out)?.[1]
  t.equal(
    await titleOf('thunderbird', "o'neill@example.com"),
    'QR code that sets up o&apos;neill@example.com in Thunderbird for Android'
  )
  t.equal(await titleOf('apple', 'jane@example.com'), 'QR code that sets up jane@example.com on iPhone and iPad')
})

t.test('qr: the URL for Apple leads to a profile that is served, at the public URL if there is one', async t => {
  const settings = exampleSettings.replace('http: {', 'http: { publicUrl: "https://signpost.example.net",')
  const { out } = await runner(t, settings)('apple', address, '--format', 'text')
  const { origin, pathname, search } = new URL(out)
  t.equal(origin, 'https://signpost.example.net')
  const { app } = serveApp(t, settings)
  const headers = { host: 'signpost.example.net', 'x-forwarded-proto': 'https' }
  t.equal((await app.inject({ url: pathname + search, headers })).statusCode, 200)
})

t.test('qr: exits with 1 and one line with the reason if there is no code', async t => {
  const run = runner(t)
  for (const [argv, reason] of [
    [['apple', 'jane@other.example'], 'jane@other.example: other.example is not served'],
    [['apple', 'jane@a.customers.example'], 'jane@a.customers.example: there is no Apple profile for this domain'],
    [['thunderbird', 'jané@example.com'], 'jané@example.com: Thunderbird for Android supports only ASCII addresses'],
    [
      ['apple', 'jane@example.com', '--name', ' '],
      'jane@example.com: the name must be 1 to 100 visible characters on one line'
    ]
  ] as const) {
    t.same(await run(...argv), { code: 1, out: '', err: `signpost: no QR code for ${reason}\n` })
  }
})

t.test('qr: reports invalid arguments', async t => {
  const run = runner(t)
  for (const [argv, message] of [
    [['outlook', 'jane@example.com'], 'found "outlook", expected one of thunderbird, apple'],
    [['toString', 'jane@example.com'], 'found "toString", expected one of thunderbird, apple'],
    [['apple', 'example.com'], 'found "example.com", expected a mail address'],
    [['apple', 'jane@example.com', '--format', 'png'], '--format: found "png", expected one of terminal, svg, text'],
    [['apple'], 'qr: found "apple", expected thunderbird|apple <address>']
  ] as const) {
    await t.rejects(run(...argv), { code: 'AC_USAGE', message })
  }
})
