import { join } from 'node:path'
import t, { type Test } from 'tap'
import { parse } from 'yaml'
import { check } from '../../../src/cli/commands/check.ts'
import { serve } from '../../../src/cli/commands/serve.ts'
import type { ServerSettings } from '../../../src/settings/schema.ts'
import { runCommand } from '../../support/cli/terminal.ts'

const host = ['--host', 'mail.example.com']

/** @returns the parsed output of `serve --print` */
async function printed(argv: readonly string[], env: Record<string, string> = {}) {
  const { code, out } = await runCommand(serve, [...argv, '--print'], env)
  if (code !== 0) throw new Error(`exit code ${code}`)
  return parse(out)
}

/** @returns servers as `imap mail.example.com:993 tls` */
async function servers(argv: readonly string[], env: Record<string, string> = {}): Promise<string[]> {
  const { providers } = await printed(['--domain', 'example.com', ...argv], env)
  return providers[0].servers.map(
    ({ protocol, host, port, security }: ServerSettings) => `${protocol} ${host}:${port} ${security}`
  )
}

async function refused(t: Test, argv: readonly string[], message: string, env: Record<string, string> = {}) {
  await t.rejects(runCommand(serve, argv, env), { code: 'AC_USAGE', message }, argv.join(' '))
}

t.test('settings options: a domain and a host make a table', async t => {
  t.same(await printed(['--domain', 'example.com', ...host]), {
    providers: [
      {
        id: 'example.com',
        name: 'example.com',
        domains: ['example.com'],
        servers: [
          { protocol: 'imap', host: 'mail.example.com', port: 993, security: 'tls' },
          { protocol: 'smtp', host: 'mail.example.com', port: 465, security: 'tls' }
        ]
      }
    ]
  })
})

t.test('settings options: every option has a variable, and overrides it', async t => {
  const env = {
    SIGNPOST_DOMAINS: 'a.example, b.example\nc.example',
    SIGNPOST_HOST: 'mail.a.example',
    SIGNPOST_IMAP: 'imap.a.example',
    SIGNPOST_SMTP: 'smtp.a.example:587',
    SIGNPOST_POP3: 'pop.a.example',
    SIGNPOST_NAME: 'A Mail',
    SIGNPOST_USERNAME: '%EMAILLOCALPART%',
    SIGNPOST_TRUST_PROXY: '10.0.0.0/8 192.0.2.1'
  }
  t.same(await printed([], env), {
    http: { trustProxy: ['10.0.0.0/8', '192.0.2.1'] },
    providers: [
      {
        id: 'a.example',
        name: 'A Mail',
        domains: ['a.example', 'b.example', 'c.example'],
        username: '%EMAILLOCALPART%',
        servers: [
          { protocol: 'imap', host: 'imap.a.example', port: 993, security: 'tls' },
          { protocol: 'pop3', host: 'pop.a.example', port: 995, security: 'tls' },
          { protocol: 'smtp', host: 'smtp.a.example', port: 587, security: 'starttls' }
        ]
      }
    ]
  })
  const all = ['--domain', 'd.example', '--domain', 'e.example,f.example', '--host', 'h.example', '--imap', 'i.example']
  const more = ['--smtp', 's.example', '--pop3', 'p.example', '--name', 'D', '--username', '%EMAILADDRESS%']
  const { http, providers } = await printed([...all, ...more, '--trust-proxy', '127.0.0.1'], env)
  t.same(http, { trustProxy: ['127.0.0.1'] })
  const [{ domains, name, username, servers }] = providers
  t.same([domains, name, username], [['d.example', 'e.example', 'f.example'], 'D', '%EMAILADDRESS%'])
  t.same(
    servers.map(({ host }: ServerSettings) => host),
    ['i.example', 'p.example', 's.example']
  )
})

t.test('settings options: an empty variable counts as not set', async t => {
  t.same(await servers(host, { SIGNPOST_IMAP: '', SIGNPOST_TRUST_PROXY: '' }), [
    'imap mail.example.com:993 tls',
    'smtp mail.example.com:465 tls'
  ])
  await refused(t, ['--print'], '--print: found no domain', { SIGNPOST_DOMAINS: '' })
})

t.test('settings options: a server has a host, a port and a security, each of which has a default', async t => {
  for (const [text, server] of [
    ['smtp.example.com', 'smtp smtp.example.com:465 tls'],
    ['smtp.example.com:465', 'smtp smtp.example.com:465 tls'],
    ['smtp.example.com:587', 'smtp smtp.example.com:587 starttls'],
    ['smtp.example.com:587/starttls', 'smtp smtp.example.com:587 starttls'],
    ['smtp.example.com:4650/tls', 'smtp smtp.example.com:4650 tls'],
    ['smtp.example.com/starttls', 'smtp smtp.example.com:587 starttls'],
    ['smtp.example.com:2525/starttls', 'smtp smtp.example.com:2525 starttls'],
    [':587', 'smtp mail.example.com:587 starttls'],
    ['/starttls', 'smtp mail.example.com:587 starttls'],
    ['smtp.%EMAILDOMAIN%:465', 'smtp smtp.%EMAILDOMAIN%:465 tls']
  ] as const) {
    const [, smtp] = await servers([...host, '--smtp', text])
    t.equal(smtp, server, text)
  }
  t.same(await servers(['--imap', 'imap.example.com:143', '--smtp', 'smtp.example.com']), [
    'imap imap.example.com:143 starttls',
    'smtp smtp.example.com:465 tls'
  ])
  t.same(await servers(['--pop3', 'pop.example.com:110', '--smtp', 'smtp.example.com']), [
    'pop3 pop.example.com:110 starttls',
    'smtp smtp.example.com:465 tls'
  ])
})

t.test('settings options: a message names the option or the variable that is wrong', async t => {
  const domain = ['--domain', 'example.com']
  for (const [argv, message] of [
    [['--domain', 'exa_mple', ...host], '--domain: found "exa_mple", expected a domain'],
    [['--domain', ',', ...host], '--domain: found ",", expected DOMAIN'],
    [[...domain, '--domain', 'example.com', ...host], '--domain: found "example.com"'],
    [domain, 'found no mail server, expected --host mail.example.com'],
    [[...domain, '--imap', 'imap.example.com'], 'found no mail server'],
    [[...domain, '--smtp', 'smtp.example.com'], 'found no mail server'],
    [[...domain, '--host', 'mail.example.com:993'], '--host: found "mail.example.com:993", expected a host name alone'],
    [[...domain, '--host', '192.0.2.1'], '--host: found "192.0.2.1", expected a host name'],
    [
      [...domain, ...host, '--imap', ':2525'],
      '--imap: found port 2525, whose security is unknown; expected :2525/tls or :2525/starttls'
    ],
    [[...domain, ...host, '--smtp', ':587/tls'], '--smtp: found "tls", expected security starttls on port 587'],
    [[...domain, ...host, '--imap', ':465'], '--imap: found port 465'],
    [[...domain, ...host, '--imap', ':0/tls'], '--imap: found ":0/tls", expected HOST'],
    [[...domain, ...host, '--imap', ':65536/tls'], '--imap: found ":65536/tls", expected HOST'],
    [[...domain, ...host, '--imap', 'imap.example.com:imaps'], '--imap: found "imap.example.com:imaps", expected HOST'],
    [[...domain, ...host, '--imap', ':143/none'], '--imap: found ":143/none", expected HOST'],
    [[...domain, '--imap', ':993', '--smtp', 'smtp.example.com'], '--imap: found ":993", expected HOST'],
    [[...domain, ...host, '--pop3', '-.example'], '--pop3: found'],
    [[...domain, ...host, '--pop3', 'a..example'], '--pop3: found "a..example"'],
    [[...domain, ...host, '--name', 'n'.repeat(61)], '--name: found 61 characters, expected at most 60'],
    [['--domain', `${'a'.repeat(60)}.example`, ...host], '--name: found 68 characters'],
    [[...domain, ...host, '--username', 'joe'], '--username: found "joe"'],
    [
      [...domain, ...host, '--trust-proxy', 'proxy'],
      '--trust-proxy: found "proxy", expected an IP address or a network'
    ],
    [host, '--host: found no domain, expected --domain example.com too'],
    [['--config', 'a.yaml', ...domain], '--domain: found --config too, expected only one of them'],
    [['--config', 'a.yaml', '--print'], '--print: found --config too']
  ] as const) {
    await refused(t, argv, message)
  }
  for (const [env, message] of [
    [{ SIGNPOST_DOMAINS: ' , ', SIGNPOST_HOST: 'a.example' }, 'SIGNPOST_DOMAINS: found " , ", expected DOMAIN'],
    [{ SIGNPOST_DOMAINS: 'a.example,b_b', SIGNPOST_HOST: 'a.example' }, 'SIGNPOST_DOMAINS: found "b_b"'],
    [{ SIGNPOST_DOMAINS: 'a.example', SIGNPOST_HOST: 'a b' }, 'SIGNPOST_HOST: found "a b"'],
    [
      { SIGNPOST_DOMAINS: 'a.example', SIGNPOST_HOST: 'a.example', SIGNPOST_SMTP: ':25' },
      'SIGNPOST_SMTP: found port 25'
    ],
    [
      { SIGNPOST_DOMAINS: 'a.example', SIGNPOST_HOST: 'a.example', SIGNPOST_USERNAME: 'joe' },
      'SIGNPOST_USERNAME: found "joe"'
    ]
  ] as const) {
    await refused(t, [], message, env)
  }
})

t.test('settings options: a settings file that exists and domains in the environment are an error', async t => {
  const file = join(t.testdir({ 'a.yaml': '' }), 'a.yaml')
  const domains = { SIGNPOST_DOMAINS: 'example.com', SIGNPOST_HOST: 'mail.example.com' }
  await refused(t, ['--print'], `SIGNPOST_DOMAINS: found SIGNPOST_CONFIG=${file} too`, {
    ...domains,
    SIGNPOST_CONFIG: file
  })
  for (const env of [{ SIGNPOST_CONFIG: `${file}.not` }, { SIGNPOST_CONFIG: '' }]) {
    t.same((await printed([], { ...domains, ...env })).providers[0].domains, ['example.com'])
  }
  const argv = ['--domain', 'b.example', '--host', 'mail.b.example']
  t.same(
    (await printed(argv, { SIGNPOST_CONFIG: file })).providers[0].domains,
    ['b.example'],
    'an option overrides a variable'
  )
})

t.test('settings options: --print writes an equivalent table that check accepts', async t => {
  const argv = ['--domain', '*.bücher.example', '--domain', 'example.com', ...host, '--name', 'Übung: "1" # %']
  const places = ['--listen', '192.0.2.1:80', '--listen-admin', ':9091', '--workers', '2']
  const { out } = await runCommand(serve, [...argv, ...places, '--trust-proxy', '::1', '--print'])
  t.match(out, /^# Written by signpost serve --print\.\n\n/)
  const file = join(t.testdir({ 'a.yaml': out }), 'a.yaml')
  const checked = await runCommand(check, ['--config', file])
  t.equal(checked.code, 0, checked.out)
  t.same(parse(out).http, { host: '192.0.2.1', port: 80, workers: 2, trustProxy: ['::1'] })
  t.same(parse(out).admin, { host: '::', port: 9091 })
  t.same(parse(out).providers[0].name, 'Übung: "1" # %')
  const free = await printed([...argv, '--listen', ':0', '--listen-admin', '127.0.0.1:0'])
  t.equal(free.http, undefined)
  t.same(free.admin, { host: '127.0.0.1' })
  t.equal((await printed(['--domain', '*', ...host])).providers[0].name, 'Mail')
})
