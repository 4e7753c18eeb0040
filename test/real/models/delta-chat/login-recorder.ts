// IMAP and SMTP servers that record every login and refuse it, so that a program tries all settings that it has found.

import { readFile } from 'node:fs/promises'
import { mailScript } from '../../../support/probes/mail-script.ts'
import { type Script, startScriptedServer } from '../../../support/probes/scripted-server.ts'
import type { Certificate } from '../../certificate-authority.ts'
import { WORLD_ADDRESS } from '../../namespace.ts'
import type { Stage } from '../../stage.ts'

export interface Login {
  readonly protocol: 'imap' | 'smtp'
  readonly port: number
  readonly security: 'tls' | 'starttls' | 'none'
  readonly username: string
}

export interface LoginRecorder {
  /** @returns all logins with this password, in order: the list grows */
  readonly expect: (password: string) => readonly Login[]
}

interface Listener extends Pick<Login, 'protocol' | 'port'> {
  readonly implicitTls: boolean
}

const listeners: readonly Listener[] = [
  { protocol: 'imap', port: 993, implicitTls: true },
  { protocol: 'imap', port: 1993, implicitTls: true },
  { protocol: 'imap', port: 143, implicitTls: false },
  { protocol: 'smtp', port: 465, implicitTls: true },
  { protocol: 'smtp', port: 1465, implicitTls: true },
  { protocol: 'smtp', port: 587, implicitTls: false }
]

interface Expected {
  readonly password: string
  readonly logins: Login[]
}

export async function startLoginRecorder(keep: Stage['keep'], { chain, key }: Certificate): Promise<LoginRecorder> {
  const certificates = [{ pem: await readFile(chain, 'utf8'), keyPem: await readFile(key, 'utf8') }]
  let expected: Expected = { password: '', logins: [] }
  for (const listener of listeners) {
    const script = recordingScript(listener, () => expected)
    const listen = { host: WORLD_ADDRESS, port: listener.port }
    await keep(startScriptedServer({ ...script, certificates, listen }).then(({ close }) => ({ stop: close })))
  }
  return {
    expect(password) {
      expected = { password, logins: [] }
      return expected.logins
    }
  }
}

function recordingScript({ protocol, port, implicitTls }: Listener, expected: () => Expected): Script {
  const script = mailScript(protocol, {
    implicitTls,
    // Why: programs that are told to use no TLS must get as far as their login.
    inClear: protocol === 'imap' ? ['IMAP4rev1', 'STARTTLS', 'AUTH=PLAIN'] : ['STARTTLS', 'AUTH PLAIN LOGIN'],
    answers: { LOGIN: '{tag} NO refused\r\n', AUTH: '535 5.7.8 refused\r\n' }
  })
  return {
    ...script,
    // Why: Delta Chat tries STARTTLS on the same port after TLS, and waits a minute for a greeting in clear text.
    accepts: () => !implicitTls || !expected().logins.some(login => login.port === port),
    answer(line, isSecured) {
      const credentials = protocol === 'imap' ? readImapLogin(line) : readSmtpLogin(line)
      const { password, logins } = expected()
      if (credentials?.password === password) {
        const security = isSecured ? (implicitTls ? 'tls' : 'starttls') : 'none'
        logins.push({ protocol, port, security, username: credentials.username })
      }
      return script.answer?.(line, isSecured)
    }
  }
}

interface Credentials {
  readonly username: string
  readonly password: string
}

/** RFC 3501 6.2.3: two quoted strings. */
function readImapLogin(line: string): Credentials | undefined {
  const [, username, password] = /^\S+ LOGIN "((?:[^"\\]|\\.)*)" "((?:[^"\\]|\\.)*)"$/.exec(line) ?? []
  if (username === undefined || password === undefined) return undefined
  return { username: withoutEscapes(username), password: withoutEscapes(password) }
}

function withoutEscapes(quoted: string): string {
  return quoted.replace(/\\(.)/g, '$1')
}

/** RFC 4616 2: two zero bytes separate the authorization identity, the user name and the password. */
function readSmtpLogin(line: string): Credentials | undefined {
  const [, encoded] = /^AUTH PLAIN (\S+)$/.exec(line) ?? []
  if (encoded === undefined) return undefined
  const [, username = '', password = ''] = Buffer.from(encoded, 'base64').toString().split('\0')
  return { username, password }
}
