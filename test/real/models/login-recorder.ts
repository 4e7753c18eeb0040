// Mail servers that record every login, and accept or refuse all of them.

import { readFile } from 'node:fs/promises'
import { mailScript } from '../../support/probes/mail-script.ts'
import { type Script, startScriptedServer } from '../../support/probes/scripted-server.ts'
import type { Certificate } from '../certificate-authority.ts'
import { WORLD_ADDRESS } from '../namespace.ts'
import type { Stage } from '../stage.ts'

export interface Login {
  readonly protocol: 'imap' | 'pop3' | 'smtp'
  readonly port: number
  readonly security: 'tls' | 'starttls' | 'none'
  readonly username: string
}

export interface LoginRecorder {
  /** @returns all logins with this password, in order. Later logins are added to the list. */
  readonly expect: (password: string) => readonly Login[]
}

interface Listener extends Pick<Login, 'protocol' | 'port'> {
  readonly implicitTls: boolean
}

const listeners: readonly Listener[] = [
  { protocol: 'imap', port: 993, implicitTls: true },
  { protocol: 'imap', port: 1993, implicitTls: true },
  { protocol: 'imap', port: 143, implicitTls: false },
  { protocol: 'pop3', port: 995, implicitTls: true },
  { protocol: 'pop3', port: 110, implicitTls: false },
  { protocol: 'smtp', port: 465, implicitTls: true },
  { protocol: 'smtp', port: 1465, implicitTls: true },
  { protocol: 'smtp', port: 587, implicitTls: false }
]

interface Expected {
  readonly password: string
  readonly logins: Login[]
}

export interface LoginRecorderOptions {
  readonly certificate: Certificate
  /** Why refused: a program then tries all servers that it has found. */
  readonly verdict: 'accepted' | 'refused'
}

export async function startLoginRecorder(
  keep: Stage['keep'],
  { certificate: { chain, key }, verdict }: LoginRecorderOptions
): Promise<LoginRecorder> {
  const certificates = [{ pem: await readFile(chain, 'utf8'), keyPem: await readFile(key, 'utf8') }]
  let expected: Expected = { password: '', logins: [] }
  for (const listener of listeners) {
    const script = recordingScript(listener, verdict, () => expected)
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

function recordingScript(
  { protocol, port, implicitTls }: Listener,
  verdict: LoginRecorderOptions['verdict'],
  expected: () => Expected
): Script {
  const { capabilities, [verdict]: answer } = dialects[protocol]
  const script = mailScript(protocol, {
    implicitTls,
    inClear: ['STARTTLS', 'STLS', ...capabilities],
    inTls: capabilities
  })
  return {
    ...script,
    // Why: Delta Chat tries STARTTLS on the same port after TLS, and waits a minute for a greeting in clear text.
    accepts: () => !implicitTls || !expected().logins.some(login => login.port === port),
    answer(line, isSecured) {
      const credentials = readLogin(line)
      const { password, logins } = expected()
      if (credentials?.password === password) {
        const security = isSecured ? (implicitTls ? 'tls' : 'starttls') : 'none'
        logins.push({ protocol, port, security, username: credentials.username })
      }
      return script.answer?.(line, isSecured) ?? answer(line)
    }
  }
}

interface Dialect {
  /** Why also in clear text: programs that use no TLS must get as far as their login. */
  readonly capabilities: readonly string[]
  /** The answers to a login, and to every command that is not in the script. */
  readonly accepted: (line: string) => string
  readonly refused: (line: string) => string
}

const tagOf = (line: string) => line.split(' ')[0]

const dialects: Readonly<Record<Login['protocol'], Dialect>> = {
  imap: {
    capabilities: ['IMAP4rev1', 'SASL-IR', 'AUTH=PLAIN'],
    accepted: line => `${tagOf(line)} OK done\r\n`,
    refused: line => `${tagOf(line)} NO refused\r\n`
  },
  pop3: {
    capabilities: ['SASL PLAIN', 'UIDL'],
    accepted: () => '+OK\r\n',
    refused: () => '-ERR refused\r\n'
  },
  smtp: {
    capabilities: ['AUTH PLAIN'],
    accepted: line => (line.startsWith('AUTH') ? '235 2.7.0 done\r\n' : '250 2.0.0 done\r\n'),
    refused: () => '535 5.7.8 refused\r\n'
  }
}

interface Credentials {
  readonly username: string
  readonly password: string
}

function readLogin(line: string): Credentials | undefined {
  const [, encoded] = /^(?:\S+ AUTHENTICATE|AUTH) PLAIN (\S+)$/.exec(line) ?? []
  return encoded === undefined ? readImapLogin(line) : readPlain(encoded)
}

/** RFC 4616 2: two zero bytes separate the authorization identity, the user name and the password. */
function readPlain(encoded: string): Credentials {
  const [, username = '', password = ''] = Buffer.from(encoded, 'base64').toString().split('\0')
  return { username, password }
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
