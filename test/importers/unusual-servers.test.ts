import t from 'tap'
import type { ImportedServer } from '../../src/importers/imported.ts'
import { usableServers } from '../../src/importers/unusual-servers.ts'
import type { ServerSettings } from '../../src/settings/schema.ts'

const imported = (value: ServerSettings, note?: string): ImportedServer => ({
  value,
  origin: { source: 'a.xml' },
  username: undefined,
  note
})
const usable = (...servers: ServerSettings[]) => usableServers(servers.map(server => imported(server)))
const smtp = { protocol: 'smtp', host: 'smtp.example.com' } as const

t.test('unusual servers: the only servers of a protocol may have an unusual port, with a comment', async t => {
  const [first, second, ...others] = usable(
    { ...smtp, port: 587 },
    { ...smtp, port: 465, security: 'starttls' },
    { protocol: 'imap', host: 'imap.example.com', port: 993 },
    { protocol: 'caldav', url: 'https://dav.example.com/' }
  )
  t.equal(first?.value.allowUnusualPort, true)
  t.match(first?.note, 'TLS from the first byte on port 587')
  t.equal(second?.value.allowUnusualPort, true)
  t.match(second?.note, 'STARTTLS on port 465')
  t.ok(others.every(({ value, note }) => value.allowUnusualPort === undefined && note === undefined))
})

t.test('unusual servers: a server with an unusual port or plaintext is unchanged if there is a usual one', async t => {
  for (const servers of [[{ ...smtp, port: 587 }, smtp], [{ ...smtp, port: 465, security: 'none' }]] as const) {
    t.same(
      usable(...servers).map(({ value }) => value),
      servers
    )
  }
})

t.test('unusual servers: an address of the machine itself becomes localhost, with a comment', async t => {
  const [v4, v6, ...others] = usable(
    { ...smtp, host: '127.0.0.1', port: 1025 },
    { ...smtp, host: '::1', port: 1025 },
    { ...smtp, host: '192.0.2.1' },
    { ...smtp, host: 'localhost' },
    { ...smtp, host: '/run/socket' }
  )
  t.same([v4?.value.host, v6?.value.host], ['localhost', 'localhost'])
  t.match(v4?.note, 'The source has 127.0.0.1')
  t.same(
    others.map(({ value: { host }, note }) => [host, note]),
    [
      ['192.0.2.1', undefined],
      ['localhost', undefined],
      ['/run/socket', undefined]
    ]
  )
  const [noted] = usableServers([imported({ ...smtp, host: '127.0.0.1' }, 'A note.')])
  t.match(noted?.note, /^A note\. The source has 127\.0\.0\.1/)
})
