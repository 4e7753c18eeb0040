import t from 'tap'
import { checkUsernames } from '../../../src/settings/check/username.ts'
import type { ProviderSettings, ServerSettings } from '../../../src/settings/schema.ts'
import { exampleProvider, imap, pop3, smtp } from '../../support/settings/example.ts'
import { linesOf } from '../../support/settings/lines.ts'

function reported(changes: Partial<ProviderSettings>): string[] {
  return linesOf(checkUsernames(exampleProvider(changes), ['p']))
}

const known = '%EMAILADDRESS%, %EMAILLOCALPART%, %EMAILDOMAIN%'
const isSign = 'in which %% is a percent sign'
const orPercent = `${known}, or %% for a percent sign`

for (const [what, username, problem] of [
  ['half a placeholder', '%EMAILADDRESS', `found "%EMAILADDRESS", expected one of ${orPercent}`],
  ['a placeholder in small letters', '%emailaddress%', `found "%emailaddress%", expected one of ${orPercent}`],
  ['a placeholder that programs do not know', '%REALNAME%', `found "%REALNAME%", expected one of ${orPercent}`],
  ['one percent sign', '%EMAILLOCALPART%%', `found "%", expected one of ${orPercent}`],
  ['one login name for everyone', 'info', `found "info", expected at least one of ${known}`],
  ['a percent sign for everyone', 'a%%b', `found "a%%b", ${isSign}, expected at least one of ${known}`],
  [
    'a doubled placeholder',
    '%%EMAILADDRESS%%',
    `found "%%EMAILADDRESS%%", ${isSign}, expected at least one of ${known}`
  ],
  ['a placeholder with a hyphen', '%E-MAIL%', `found "%E-MAIL%", expected one of ${orPercent}`],
  ['a login name that is a number', '0123', `found "0123", expected at least one of ${known}`],
  ['an empty login name', '', `found "", expected at least one of ${known}`],
  ['white space', ' %EMAILADDRESS%', 'found " %EMAILADDRESS%", expected no white space'],
  [
    'percent signs that look like a placeholder',
    '%EMAILDOMAIN%%%EMAILADDRESS%%',
    'found "%EMAILDOMAIN%%%EMAILADDRESS%%": mail programs would replace %EMAILADDRESS%, expected other text'
  ]
] as const) {
  t.test(`checkUsernames: ${what} is an error, in a provider and in a server`, async t => {
    t.same(reported({ username }), [`error p.username: ${problem}`])
    t.same(reported({ servers: [imap, { ...smtp, username }] }), [`error p.servers[1].username: ${problem}`])
  })
}

t.test('checkUsernames: placeholders with other text and percent signs are fine', async t => {
  for (const username of [
    '%EMAILADDRESS%',
    '%EMAILLOCALPART%',
    'EXAMPLE\\%EMAILLOCALPART%',
    '%EMAILLOCALPART%.%EMAILDOMAIN%',
    '%EMAILLOCALPART%%%%EMAILDOMAIN%',
    '%EMAILLOCALPART%%EMAILDOMAIN%',
    '100%%-%EMAILADDRESS%'
  ]) {
    t.same(reported({ username }), [], username)
    t.same(
      reported({
        servers: [
          { ...imap, username },
          { ...smtp, username }
        ]
      }),
      [],
      username
    )
  }
})

t.test('checkUsernames: none is for servers without a login', async t => {
  const none = { ...smtp, username: 'none' }
  const undefinedName = 'Thunderbird logs in to smtp as "undefined"'
  t.same(reported({ servers: [imap, { ...none, authentication: ['none'] }] }), [])
  for (const server of [none, { ...none, authentication: ['password', 'none'] }] as const) {
    t.same(reported({ servers: [imap, server as ServerSettings] }), [
      `warning p.servers[1].username: found "none" without authentication: [none]: ${undefinedName}`
    ])
  }
  t.same(reported({ username: 'none' }), [`error p.username: found "none", expected at least one of ${known}`])
})

t.test(
  'checkUsernames: another name for calendars and contacts is a warning, because Thunderbird ignores it',
  async t => {
    const caldav: ServerSettings = { protocol: 'caldav', url: 'https://dav.example.com/' }
    const carddav: ServerSettings = {
      protocol: 'carddav',
      url: 'https://dav.example.com/',
      username: '%EMAILLOCALPART%'
    }
    const ignored = (at: number, dav: string, mail: string) =>
      `warning p.servers[${at}]: found ${dav} for ${mail}: Thunderbird uses the name of ${mail.split(' ').at(-1)} for both`
    t.same(reported({ servers: [imap, carddav, smtp] }), [
      ignored(1, '"%EMAILLOCALPART%" for carddav and "%EMAILADDRESS%"', 'imap')
    ])
    t.same(reported({ servers: [{ ...pop3, username: '%EMAILLOCALPART%' }, caldav, carddav] }), [
      ignored(1, '"%EMAILADDRESS%" for caldav and "%EMAILLOCALPART%"', 'pop3')
    ])
    t.same(reported({ servers: [{ ...imap, username: '%EMAILLOCALPART%' }, pop3, carddav] }), [])
    t.same(reported({ servers: [smtp, carddav] }), [])
    t.same(reported({ servers: [imap, { ...carddav, protocol: 'webdav' }] }), [])
  }
)
