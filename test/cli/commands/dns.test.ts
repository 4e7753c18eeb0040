import { createHash } from 'node:crypto'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { dns } from '../../../src/cli/commands/dns.ts'
import { render } from '../../../src/cli/commands/render.ts'
import { runCommand } from '../../support/cli/terminal.ts'

const settings = (http = '') => `${http}
providers:
  - id: example
    name: Example Mail
    domains: [example.com]
    servers:
      - { protocol: imap, host: imap.example.com }
      - { protocol: smtp, host: smtp.example.com }
`

function runner(t: Test, text: string) {
  const file = join(t.testdir({ 'a.yaml': text }), 'a.yaml')
  return { file, run: (...argv: string[]) => runCommand(dns, argv, { SIGNPOST_CONFIG: file }) }
}

t.test('dns: the target is --target, else the host of http.publicUrl', async t => {
  const { run } = runner(t, settings('http: { publicUrl: "https://Signpost.example.net:8443" }'))
  t.match((await run('example.com')).out, /^autoconfig\.example\.com\. .* CNAME signpost\.example\.net\.$/m)
  t.match((await run('example.com', '--target', 'Bücher.example')).out, / CNAME xn--bcher-kva\.example\.$/m)
})

t.test('dns: reports that the target is unknown', async t => {
  for (const [http, found] of [
    ['', 'no http.publicUrl'],
    ['http: { publicUrl: "https://192.0.2.1" }', '"192.0.2.1" in http.publicUrl']
  ] as const) {
    const { run, file } = runner(t, settings(http))
    await t.rejects(run('example.com'), {
      code: 'AC_USAGE',
      message: `the host name of Signpost is unknown: found ${found} in ${file}, expected a host name there or in --target`
    })
  }
})

t.test('dns: reports invalid arguments', async t => {
  const { run } = runner(t, settings())
  for (const [argv, message] of [
    [['jane@example.com'], 'found "jane@example.com", expected a domain'],
    [['example.com', '--format', 'toString'], '--format: found "toString", expected one of bind, json, octodns'],
    [['example.com', '--target', '192.0.2.1'], '--target: found "192.0.2.1", expected a host name'],
    [['example.com', '--ttl', '1h'], '--ttl: found "1h", expected seconds from 0 to 2147483647'],
    [['example.com', '--ttl', '2147483648'], '--ttl: found "2147483648", expected seconds from 0 to 2147483647']
  ] as const) {
    await t.rejects(run(...argv), { code: 'AC_USAGE', message: new RegExp(`^${RegExp.escape(message)}`) })
  }
})

t.test('dns: exits with 1 and one line for a domain that is not served', async t => {
  const { run } = runner(t, settings())
  t.same(await run('other.example', '--target', 'signpost.example.net'), {
    code: 1,
    out: '',
    err: 'signpost: other.example is not served\n'
  })
})

t.test('dns: the digest matches the PACC document that is served', async t => {
  const { run, file } = runner(t, settings())
  const served = await runCommand(render, ['pacc', 'example.com', '--config', file])
  const digest = createHash('sha256').update(served.out).digest('base64')
  const { out } = await run('example.com', '--target', 'signpost.example.net', '--format', 'json')
  const records: { name: string; strings?: string[] }[] = JSON.parse(out)
  t.same(records.find(({ name }) => name === '_ua-auto-config.example.com.')?.strings, [
    `v=UAAC1; a=sha256; d=${digest}`
  ])
})
