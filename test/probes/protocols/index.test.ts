import { createHmac } from 'node:crypto'
import { PassThrough } from 'node:stream'
import fc from 'fast-check'
import t, { type Test } from 'tap'
import type { Probe } from '../../../src/probes/probe.ts'
import { speakers } from '../../../src/probes/protocols/index.ts'
import { ehloName } from '../../../src/probes/protocols/smtp.ts'
import { createDialogue, type Dialogue } from '../../../src/probes/session/dialogue.ts'
import { type SocketProtocol, socketProtocols } from '../../../src/settings/provider.ts'
import { matchLists } from '../../support/match-lists.ts'
import { askMail, type ProbeOptions, rulesOf } from '../../support/probes/ask.ts'
import type { MailScriptOptions } from '../../support/probes/mail-script.ts'
import type { Answer } from '../../support/probes/scripted-server.ts'

const never = new AbortController().signal

/** A conversation with a server whose output is complete. */
function after(spoken: string): Dialogue {
  const connection = new PassThrough()
  connection.end(spoken)
  // Why a separate side: sent data must not be received again.
  const dialogue = createDialogue(connection, never)
  return { ...dialogue, send: () => {}, sent: 0 }
}

const greetingOf = (protocol: SocketProtocol, spoken: string) => speakers[protocol].greet(after(spoken))
const capabilitiesOf = (protocol: SocketProtocol, spoken: string) =>
  speakers[protocol].capabilities(after(spoken), '[127.0.0.1]')
const offer = (protocol: SocketProtocol, capabilities: readonly string[], greeting = '') =>
  speakers[protocol].offer(capabilities, greeting)

t.test('greetings: those of each protocol are accepted', async t => {
  t.equal(await greetingOf('imap', '* OK [CAPABILITY IMAP4rev1] ready\r\n'), '* OK [CAPABILITY IMAP4rev1] ready')
  t.equal(await greetingOf('imap', '* ok\n'), '* ok')
  t.equal(await greetingOf('pop3', '+OK\r\n'), '+OK')
  t.equal(await greetingOf('smtp', '220\r\n'), '220')
  t.equal(
    await greetingOf('smtp', '220-mail.example.com ESMTP\r\n220-hello\r\n220 go\r\n'),
    '220-mail.example.com ESMTP'
  )
  t.equal(await greetingOf('managesieve', '"SASL" ""\r\n"IMPLEMENTATION" "x"\r\nOK\r\n'), '"SASL" ""')
})

t.test('greetings: refusals are faults', async t => {
  for (const [protocol, spoken] of [
    ['imap', '* BYE too many\r\n'],
    ['pop3', '-ERR [SYS/TEMP] later\r\n'],
    ['smtp', '421-later\r\n421 later\r\n'],
    ['smtp', '554 no\r\n'],
    ['managesieve', 'BYE "later"\r\n'],
    ['managesieve', 'NO\r\n']
  ] as const) {
    await t.rejects(greetingOf(protocol, spoken), { message: 'turnedAway' }, spoken)
  }
})

t.test('imap: PREAUTH is a fault, because STARTTLS is not possible after it', async t => {
  const { probe } = await askMail(t, { greeting: '* PREAUTH welcome\r\n' }, { security: 'starttls' })
  t.same(rulesOf(probe), ['server.preauth'])
})

t.test('greetings: everything else is reported as another protocol', async t => {
  for (const protocol of socketProtocols) {
    for (const spoken of [
      '',
      'hello',
      '* NO',
      '* OKAY',
      '+OKAY',
      '2200 x',
      '250 x',
      '220-x\r\n250x',
      'OK"x"',
      '"a" b'
    ]) {
      await t.rejects(greetingOf(protocol, `${spoken}\r\n`), { message: 'otherGreeting' }, `${protocol}: ${spoken}`)
    }
  }
})

t.test('smtp: a greeting with 250 is invalid', async t => {
  await t.rejects(greetingOf('smtp', '354 go on\r\n'), { message: 'otherGreeting' })
})

t.test('capabilities: the notation of each protocol is read', async t => {
  t.same(await capabilitiesOf('imap', '* CAPABILITY A AUTH=PLAIN\r\n* OK x\r\n* CAPABILITY  B C\r\na1 OK\r\n'), [
    'B',
    'C'
  ])
  t.same(await capabilitiesOf('pop3', '+OK\r\nTOP\r\nSASL PLAIN\r\n.\r\n'), ['TOP', 'SASL PLAIN'])
  t.same(await capabilitiesOf('pop3', '-ERR unknown\r\n'), [])
  t.same(await capabilitiesOf('smtp', '250-x\r\n250-SIZE 10\r\n250 AUTH PLAIN\r\n'), ['SIZE 10', 'AUTH PLAIN'])
  t.same(await capabilitiesOf('smtp', '250 x\r\n'), [])
  t.same(await capabilitiesOf('managesieve', '"SIEVE" "a b"\r\n"STARTTLS"\r\nOK (X) "x"\r\n'), [
    'SIEVE a b',
    'STARTTLS'
  ])
})

t.test('managesieve: literals and quoted strings with escapes are strings', async t => {
  const literal = '"IMPLEMENTATION" {10+}\r\na "q" \\ b\r\r\n{4}\r\nSASL {5}\r\nPLAIN\r\nOK {2}\r\nhi\r\n'
  t.same(await capabilitiesOf('managesieve', literal), ['IMPLEMENTATION a "q" \\ b\\u{d}', 'SASL PLAIN'])
  t.same(await capabilitiesOf('managesieve', '"X" "a \\"q\\" \\\\ b"\r\nOK\r\n'), ['X a "q" \\ b'])
})

t.test('capabilities: a refusal or an unexpected response is a fault', async t => {
  for (const [protocol, spoken, message] of [
    ['imap', 'a1 BAD no\r\n', 'capabilitiesRefused'],
    ['imap', 'a1 OK nothing\r\n', 'capabilitiesRefused'],
    ['imap', 'what\r\n', 'garbled'],
    ['pop3', 'what\r\n', 'garbled'],
    ['smtp', '502 no\r\n', 'capabilitiesRefused'],
    ['smtp', 'what\r\n', 'garbled'],
    ['managesieve', 'NO "no"\r\n', 'capabilitiesRefused'],
    ['managesieve', 'what\r\n', 'garbled']
  ] as const) {
    await t.rejects(capabilitiesOf(protocol, spoken), { message }, `${protocol}: ${spoken}`)
  }
})

t.test('capabilities: the same bytes give the same result, however they are split', async () => {
  const anyCapability = fc.stringMatching(/^[A-Z0-9=-]{1,12}( [A-Z0-9]{1,6})?$/)
  const spoken = {
    imap: (all: readonly string[]) => `* CAPABILITY ${all.join(' ')}\r\na1 OK\r\n`,
    pop3: (all: readonly string[]) => `+OK\r\n${all.map(each => `${each}\r\n`).join('')}.\r\n`,
    smtp: (all: readonly string[]) => `250-x\r\n${all.map(each => `250-${each}\r\n`).join('')}250 END\r\n`,
    managesieve: (all: readonly string[]) => `${all.map(each => `"${each.replace(' ', '" "')}"\r\n`).join('')}OK\r\n`
  }
  const read = {
    imap: (all: readonly string[]) => all.flatMap(each => each.split(' ')),
    pop3: (all: readonly string[]) => all,
    smtp: (all: readonly string[]) => [...all, 'END'],
    managesieve: (all: readonly string[]) => all
  }
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...socketProtocols),
      fc.array(anyCapability, { minLength: 1, maxLength: 8 }),
      fc.array(fc.nat(200)),
      async (protocol, all, cuts) => {
        const connection = new PassThrough()
        const dialogue = { ...createDialogue(connection, never), send: () => {}, sent: 0 }
        const capabilities = speakers[protocol].capabilities(dialogue, 'x')
        const text = spoken[protocol](all)
        const ends = [...cuts.filter(cut => cut < text.length), text.length].sort((a, b) => a - b)
        for (const [index, end] of ends.entries()) connection.write(text.slice(ends[index - 1] ?? 0, end))
        return JSON.stringify(await capabilities) === JSON.stringify(read[protocol](all))
      }
    )
  )
})

t.test('protocols: any text from a server is read or rejected with a SessionError', async () => {
  const anySaid = fc.string({
    unit: fc.constantFrom(
      '* ',
      'OK',
      'BYE',
      ' ',
      '\r\n',
      '+',
      '-ERR',
      '220',
      '250-',
      '"',
      '{3}',
      '.',
      'a1 OK',
      'CAPA',
      '\\',
      '\0'
    )
  })
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...socketProtocols), anySaid, async (protocol, spoken) => {
      const { greet, capabilities, reply } = speakers[protocol]
      for (const read of [greet, (dialogue: Dialogue) => capabilities(dialogue, 'x'), reply]) {
        const error = await read(after(spoken)).then(
          () => undefined,
          (cause: unknown) => cause
        )
        if (error !== undefined && (error as Error).name !== 'SessionError') return false
      }
      return true
    })
  )
})

t.test('offers: capabilities are translated to offers', async t => {
  t.same(offer('imap', ['imap4rev1', 'StartTLS', 'auth=plain', 'AUTH=XOAUTH2']), {
    startTls: true,
    mechanisms: ['PLAIN', 'XOAUTH2'],
    ownLogIn: true
  })
  t.same(offer('imap', ['LOGINDISABLED']), { startTls: false, mechanisms: [], ownLogIn: false })
  t.same(offer('pop3', ['STLS', 'SASL plain CRAM-MD5', 'USER'], '+OK <1.2@example.com>'), {
    startTls: true,
    mechanisms: ['PLAIN', 'CRAM-MD5', 'APOP'],
    ownLogIn: true
  })
  t.same(offer('pop3', ['UIDL']), { startTls: false, mechanisms: [], ownLogIn: false })
  t.same(offer('pop3', []), { startTls: false, mechanisms: [], ownLogIn: undefined })
  t.same(offer('smtp', ['starttls', 'AUTH PLAIN', 'AUTH=PLAIN LOGIN', 'X']), {
    startTls: true,
    mechanisms: ['PLAIN', 'LOGIN'],
    ownLogIn: false
  })
  t.same(offer('managesieve', ['STARTTLS', 'SASL PLAIN SCRAM-SHA-1']), {
    startTls: true,
    mechanisms: ['PLAIN', 'SCRAM-SHA-1'],
    ownLogIn: false
  })
  t.same(offer('managesieve', []), { startTls: false, mechanisms: [], ownLogIn: false })
})

t.test('authentication: every method that a server offers has a name in the settings', async t => {
  const inTls = [
    'LOGINDISABLED',
    ...['PLAIN', 'CRAM-MD5', 'OAUTHBEARER', 'GSSAPI', 'NTLM', 'EXTERNAL'].map(each => `AUTH=${each}`)
  ]
  const { probe } = await askMail(t, { inTls }, { authentication: ['none'] })
  t.same(probe.authentication, ['password', 'encrypted-password', 'oauth2', 'gssapi', 'ntlm', 'client-certificate'])
  t.same(probe.faults, [])
})

t.test('authentication: a missing method is an error if it is advertised first, otherwise a warning', async t => {
  const inTls = ['LOGINDISABLED', 'AUTH=XOAUTH2', 'AUTH=SCRAM-SHA-256']
  const faultsWith = async (...authentication: Probe['authentication']) =>
    (await askMail(t, { inTls }, { authentication })).probe.faults
  t.same(await faultsWith('oauth2'), [])
  matchLists(t, await faultsWith('password', 'oauth2'), [
    {
      rule: 'server.authentication-missing',
      severity: 'error',
      message: 'The server is advertised with password, but offers XOAUTH2, SCRAM-SHA-256.'
    }
  ])
  matchLists(t, await faultsWith('oauth2', 'encrypted-password', 'ntlm'), [
    { rule: 'server.authentication-alternative-missing', severity: 'warning', message: /encrypted-password, ntlm as/ }
  ])
  const { probe } = await askMail(t, { inTls: ['IMAP4rev1'] }, { authentication: ['gssapi'] })
  matchLists(t, probe.faults, [{ message: 'The server is advertised with gssapi, but offers its own login command.' }])
  const { probe: empty } = await askMail(t, { inTls: ['LOGINDISABLED'] })
  matchLists(t, empty.faults, [{ message: /offers no login method/ }])
})

t.test('pop3: without CAPA, passwords are undetermined, and there is no STLS', async t => {
  const answers = { CAPA: '-ERR unknown\r\n' }
  const { probe } = await askMail(t, { answers }, { protocol: 'pop3', security: 'starttls' })
  t.same(rulesOf(probe), ['server.starttls-missing'])
  t.equal(probe.plaintextRefused, undefined)
  const { probe: secured } = await askMail(t, { answers }, { protocol: 'pop3' })
  t.same(secured.faults, [])
  t.same(secured.authentication, ['password'])
})

t.test('smtp: EHLO sends the address of the client', async t => {
  t.equal(ehloName('192.0.2.1'), '[192.0.2.1]')
  t.equal(ehloName('::ffff:192.0.2.1'), '[192.0.2.1]')
  t.equal(ehloName('2001:db8::1'), '[IPv6:2001:db8::1]')
  t.equal(ehloName('fe80::1%eth0'), '[IPv6:fe80::1]')
  t.equal(ehloName(undefined), '[127.0.0.1]')
  const { received } = await askMail(t, {}, { protocol: 'smtp' })
  t.equal(received[0], 'tls EHLO [127.0.0.1]')
})

/** A login of `joe` with `secret` at a server with these offers and responses. */
async function logIn(
  t: Test,
  protocol: SocketProtocol,
  {
    inTls,
    answers = {},
    ...options
  }: Pick<MailScriptOptions, 'inTls'> & ProbeOptions & { answers?: Record<string, Answer> }
) {
  const script = { answers, ...(inTls !== undefined && { inTls }) }
  const { probe, received } = await askMail(t, script, { protocol, username: 'joe', password: 'secret', ...options })
  return { ...probe, commands: received.map(line => line.replace(/^tls (a\d )?/, '')).slice(1, -1) }
}

const base64 = (text: string) => Buffer.from(text).toString('base64')
const plain = base64('\0joe\0secret')

t.test('login: PLAIN if it is offered, in one step if the server allows it', async t => {
  const imap = await logIn(t, 'imap', { answers: { AUTHENTICATE: '* X\r\n{tag} OK in\r\n' } })
  matchLists(t, imap, { logIn: 'accepted', faults: [], commands: [`AUTHENTICATE PLAIN ${plain}`] })
  const imap2 = await logIn(t, 'imap', {
    inTls: ['AUTH=PLAIN'],
    answers: { AUTHENTICATE: '+ \r\n', [plain]: 'a9 OK\r\n' }
  })
  matchLists(t, imap2, { logIn: 'accepted', commands: ['AUTHENTICATE PLAIN', plain] })
  const pop3 = await logIn(t, 'pop3', { answers: { AUTH: '+ \r\n', [plain]: '+OK in\r\n' } })
  matchLists(t, pop3, { logIn: 'accepted', faults: [], commands: ['AUTH PLAIN', plain] })
  const smtp = await logIn(t, 'smtp', { answers: { AUTH: '235 in\r\n' } })
  matchLists(t, smtp, { logIn: 'accepted', faults: [], commands: [`AUTH PLAIN ${plain}`] })
  const sieve = await logIn(t, 'managesieve', { answers: { AUTHENTICATE: 'OK\r\n' } })
  matchLists(t, sieve, { logIn: 'accepted', faults: [], commands: [`AUTHENTICATE "PLAIN" "${plain}"`] })
})

t.test("login: by the protocol's own command if there is no PLAIN", async t => {
  const imap = await logIn(t, 'imap', {
    inTls: ['AUTH=LOGIN'],
    username: 'jo"e\\',
    answers: { LOGIN: '{tag} OK in\r\n' }
  })
  matchLists(t, imap, { logIn: 'accepted', commands: ['LOGIN "jo\\"e\\\\" "secret"'] })
  const pop3 = await logIn(t, 'pop3', { inTls: ['USER'], answers: { USER: '+OK\r\n', PASS: '+OK\r\n' } })
  matchLists(t, pop3, { logIn: 'accepted', commands: ['USER joe', 'PASS secret'] })
  const unknown = await logIn(t, 'pop3', { inTls: ['USER'], answers: { USER: '-ERR who\r\n' } })
  matchLists(t, unknown, { logIn: 'refused', commands: ['USER joe'] })
})

t.test('login: SASL LOGIN if there is nothing better', async t => {
  const answers = { AUTH: `334 ${base64('Username:')}\r\n`, am9l: '334 UGFzc3dvcmQ6\r\n', c2VjcmV0: '235 in\r\n' }
  const smtp = await logIn(t, 'smtp', { inTls: ['AUTH LOGIN'], answers })
  matchLists(t, smtp, { logIn: 'accepted', commands: ['AUTH LOGIN', 'am9l', 'c2VjcmV0'] })
  const sieve = await logIn(t, 'managesieve', {
    inTls: ['"SASL" "LOGIN"'],
    answers: { AUTHENTICATE: '{4}\r\nVXNl\r\n', '"am9l"': '""\r\n', '"c2VjcmV0"': 'OK\r\n' }
  })
  matchLists(t, sieve, { logIn: 'accepted', commands: ['AUTHENTICATE "LOGIN"', '"am9l"', '"c2VjcmV0"'] })
  const umlaut = await logIn(t, 'imap', {
    inTls: ['AUTH=LOGIN'],
    password: 'gehäuse',
    answers: { AUTHENTICATE: '+\r\n', am9l: '+\r\n', [base64('gehäuse')]: 'a5 OK\r\n' }
  })
  t.match(umlaut, { logIn: 'accepted' }, 'an IMAP quoted string cannot contain it')
})

t.test('login: CRAM-MD5 if an encrypted password is advertised', async t => {
  const challenge = '<1896.697170952@postoffice.example.net>'
  const digest = createHmac('md5', 'secret').update(challenge).digest('hex')
  const response = base64(`joe ${digest}`)
  const answers = { AUTH: `+ ${base64(challenge)}\r\n`, [response]: '+OK\r\n' }
  const authentication = ['encrypted-password'] as const
  const pop3 = await logIn(t, 'pop3', { inTls: ['USER', 'SASL PLAIN CRAM-MD5'], authentication, answers })
  matchLists(t, pop3, { logIn: 'accepted', faults: [], commands: ['AUTH CRAM-MD5', response] })
})

t.test('login: a refusal is reported with what to check, and differs from a failure of the server', async t => {
  const outcome = async (protocol: SocketProtocol, text: string) => {
    const answers = { AUTHENTICATE: text, AUTH: text }
    const { logIn: result, faults } = await logIn(t, protocol, { answers })
    return [result, ...faults.map(({ rule }) => rule)]
  }
  const refused = ['refused', 'server.log-in-refused']
  const later = ['temporarily refused', 'server.log-in-later']
  t.same(await outcome('imap', '{tag} NO [AUTHENTICATIONFAILED] no\r\n'), refused)
  t.same(await outcome('imap', '{tag} NO [UNAVAILABLE] later\r\n'), later)
  t.same(await outcome('pop3', '-ERR [AUTH] no\r\n'), refused)
  t.same(await outcome('pop3', '-ERR [SYS/TEMP] later\r\n'), later)
  t.same(await outcome('smtp', '535 5.7.8 no\r\n'), refused)
  t.same(await outcome('smtp', '454 4.7.0 later\r\n'), later)
  t.same(await outcome('managesieve', 'NO "no"\r\n'), refused)
  t.same(await outcome('managesieve', 'NO (TRYLATER) "later"\r\n'), later)
  const { faults } = await logIn(t, 'smtp', { answers: { AUTH: '534 5.7.9 no\r\n' } })
  matchLists(t, faults, [{ severity: 'error', message: /"534 5.7.9 no"/, remedy: /application password/ }])
})

t.test('login: endless challenges are cancelled', async t => {
  const more = '+ \r\n'
  const answers = { AUTHENTICATE: more, [plain]: more, '*': 'a9 BAD given up\r\n' }
  const { logIn: result, commands } = await logIn(t, 'imap', { inTls: ['AUTH=PLAIN'], answers })
  t.equal(result, 'refused')
  t.same(commands, ['AUTHENTICATE PLAIN', plain, '*'])
})

t.test('login: an invalid response ends the conversation', async t => {
  const { logIn: result, faults } = await logIn(t, 'managesieve', { answers: { AUTHENTICATE: 'what\r\n' } })
  t.equal(result, 'not tried')
  matchLists(t, faults, [{ rule: 'server.garbled', message: /"what" during the login/ }])
})

t.test(
  'login: there is no attempt without a user name, with a line break, or if no password is advertised',
  async t => {
    const reason = async (options: ProbeOptions) => {
      const { faults, commands } = await logIn(t, 'imap', options)
      t.same(commands, [], 'nothing is sent')
      return faults.map(({ message }) => message).at(-1)
    }
    t.match(await reason({ username: undefined }), /no user name is known/)
    t.match(await reason({ isUnvouched: true }), /nothing that came by https names this server/)
    t.match(await reason({ username: 'joe\r\na4 LOGOUT' }), /line break/)
    t.match(await reason({ password: 'a\0b' }), /line break/)
    t.match(await reason({ authentication: ['oauth2'] }), /no password method in common/)
  }
)

t.test('login: the password is sent despite an expiring certificate, but not with a wrong one', async t => {
  const answers = { AUTHENTICATE: '{tag} OK in\r\n' }
  const { probe, received } = await askMail(
    t,
    { answers },
    { host: 'imap.example.net', username: 'joe', password: 'secret' }
  )
  t.same(rulesOf(probe), ['server.certificate-name', 'server.log-in-not-tried'])
  t.notMatch(received.join('\n'), /AUTHENTICATE/)
})

t.test('login: a password that the server repeats is not shown in any encoding', async t => {
  const echo = async (protocol: SocketProtocol, text: string, inTls?: readonly string[]) => {
    const answers = { AUTHENTICATE: text, AUTH: text, LOGIN: text, USER: '+OK\r\n', PASS: text }
    const { faults } = await logIn(t, protocol, {
      answers,
      password: 'se"cret',
      ...(inTls !== undefined && { inTls })
    })
    return faults.map(({ message }) => message)
  }
  t.same(await echo('imap', `{tag} BAD AUTHENTICATE PLAIN ${base64('\0joe\0se"cret')}\r\n`), [
    'The login is refused: "a2 BAD AUTHENTICATE PLAIN …".'
  ])
  t.same(await echo('imap', '{tag} BAD LOGIN "joe" "se\\"cret"\r\n', []), [
    'The login is refused: "a2 BAD LOGIN "joe" "…"".'
  ])
  t.same(await echo('pop3', '-ERR PASS se"cret\r\n', ['USER']), [
    'The login is refused: "-ERR PASS se"cret".'.replace('se"cret', '…')
  ])
  t.same(await echo('smtp', `what is ${base64('se"cret')}\r\n`), [
    'The server sends "what is …" during the login, which is not SMTP.'
  ])
})

t.test('login: a closed connection is reported', async t => {
  const { logIn: result, faults } = await logIn(t, 'smtp', { answers: { AUTH: ['', 'close'] } })
  t.equal(result, 'not tried')
  matchLists(t, faults, [{ rule: 'server.closed', message: /during the login/ }])
  const { faults: torn } = await logIn(t, 'smtp', { answers: { AUTH: ['', 'reset'] } })
  matchLists(t, torn, [{ rule: 'server.closed', message: /during the login/ }])
})
