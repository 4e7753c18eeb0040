import { join } from 'node:path'
import t, { type Test } from 'tap'
import { render } from '../../../src/cli/commands/render.ts'
import { runCommand } from '../../support/cli/terminal.ts'
import { poxRequest } from '../../support/pox-request.ts'
import { exampleSettings, serveApp } from '../../support/served-app.ts'

function renderer(t: Test) {
  const env = { SIGNPOST_CONFIG: join(t.testdir({ 'a.yaml': exampleSettings }), 'a.yaml') }
  return (...argv: string[]) => runCommand(render, argv, env)
}

t.test('render: prints what is served, byte for byte', async t => {
  const run = renderer(t)
  const { app } = serveApp(t)
  const address = 'Jane+tag@bücher.example'
  const autodiscover = '/autodiscover/autodiscover.xml'
  const host = 'bücher.example'
  for (const [argv, request] of [
    [['thunderbird', address], { url: '/mail/config-v1.1.xml', headers: { host } }],
    [['thunderbird', host], { url: '/mail/config-v1.1.xml', headers: { host } }],
    [['outlook', address], { method: 'POST', url: autodiscover, payload: poxRequest(address) }],
    [['outlook', 'a.customers.example'], { url: autodiscover, headers: { host: 'a.customers.example' } }],
    [['apple', address], { url: `/email.mobileconfig?email=${encodeURIComponent(address)}` }],
    [
      ['apple', address, '--name', 'Jané D'],
      { url: `/email.mobileconfig?email=${encodeURIComponent(address)}&name=Jan%C3%A9+D` }
    ]
  ] as const) {
    const served = await app.inject(request)
    t.equal(served.statusCode, 200)
    t.same(await run(...argv), { code: 0, out: served.body, err: '' }, argv.join(' '))
  }
})

t.test('render: prints one of several documents, the target of a redirect, and refusals exactly as served', async t => {
  const davSettings = exampleSettings.replace(
    'servers:',
    'servers:\n      - { protocol: caldav, url: "https://dav.%EMAILDOMAIN%/" }'
  )
  const env = { SIGNPOST_CONFIG: join(t.testdir({ 'a.yaml': davSettings }), 'a.yaml') }
  const run = (...argv: string[]) => runCommand(render, argv, env)
  t.match(await run('outlook-json', 'jane@example.com', '--form', 'AutodiscoverV1'), {
    code: 0,
    out: '"Protocol":"AutodiscoverV1"'
  })
  t.match(await run('outlook', 'jane@example.com', '--form=mobilesync'), {
    code: 1,
    out: '<ErrorCode>601</ErrorCode>',
    err: 'signpost: the document is an error with status 200\n'
  })
  t.match(await run('outlook', 'jane@example.com', '--form=outlook'), { code: 0, out: '<Type>IMAP</Type>', err: '' })
  t.same(await run('well-known', 'example.com', '--form', 'caldav'), {
    code: 0,
    out: 'https://dav.example.com/\n',
    err: ''
  })
  t.match(await run('outlook-json', 'jane@example.com', '--form', 'ews'), {
    code: 1,
    out: '"ErrorCode":"InvalidProtocol"',
    err: 'signpost: the document is an error with status 400\n'
  })
})

t.test('render: an unserved domain or dialect is one line with exit code 1', async t => {
  const run = renderer(t)
  for (const [dialect, subject, domain] of [
    ['outlook', 'jane@other.example', 'other.example'],
    ['thunderbird', 'other.example', 'other.example'],
    ['apple', 'jane@a.customers.example', 'a.customers.example'],
    ['well-known', 'example.com', 'example.com'],
    ['web', 'jane@other.example', 'other.example']
  ] as const) {
    const form = dialect === 'well-known' ? ['--form', 'caldav'] : []
    const { code, out, err } = await run(dialect, subject, ...form)
    t.equal(code, 1)
    t.equal(out, '')
    t.match(err, new RegExp(`^signpost: .+ is not served for ${domain}\n$`))
  }
})

t.test('render: prints the setup page of an address and of a provider as it is served', async t => {
  const run = renderer(t)
  const { app } = serveApp(t)
  const address = 'jane@bücher.example'
  const served = await app.inject({
    url: `/setup?email=${encodeURIComponent(address)}`,
    headers: { host: 'x.example' }
  })
  const page = await run('web', address)
  t.equal(page.code, 0)
  t.equal(Buffer.from(page.out, 'latin1').toString(), served.body)
  t.same(await run('web', 'example.com'), {
    code: 0,
    out: (await app.inject('/setup/example')).rawPayload.toString('latin1'),
    err: ''
  })
})

t.test('render: reports invalid arguments with what is expected', async t => {
  const run = renderer(t)
  for (const [argv, message] of [
    [['autoconfig', 'jane@example.com'], /^unknown dialect "autoconfig", expected one of thunderbird, outlook,/],
    [['outlook', 'jane doe@example.com'], 'found "jane doe@example.com", expected a mail address or a domain'],
    [['outlook', '@'], 'found "@", expected a mail address or a domain'],
    [['apple', 'example.com'], 'apple needs a mail address, found "example.com"'],
    [['well-known', 'example.com'], 'well-known needs --form, one of caldav, carddav, jmap'],
    [
      ['well-known', 'example.com', '--form', 'webdav'],
      'found --form "webdav" of well-known, expected one of caldav, carddav, jmap'
    ],
    [['outlook-json', 'jane@example.com'], /^outlook-json needs --form, one of autodiscoverv1, activesync/],
    [
      ['outlook', 'jane@example.com', '--form', 'Exchange'],
      /"exchange" of outlook, expected one of outlook, mobilesync$/
    ],
    [['pacc', 'example.com', '--form', 'x'], 'found --form "x" of pacc, expected none'],
    [['web', 'example.com', '--form', 'x'], 'web has no --form and no --name'],
    [['web', 'jane@example.com', '--name', 'Jane'], 'web has no --form and no --name'],
    [['web', '@'], 'found "@", expected a mail address or a domain']
  ] as const) {
    await t.rejects(run(...argv), { code: 'AC_USAGE', message })
  }
  await t.rejects(runCommand(render, ['outlook', 'jane@example.com', '--config', '/']), {
    code: 'AC_SETTINGS_UNREADABLE'
  })
})
