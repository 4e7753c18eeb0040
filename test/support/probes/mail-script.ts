/**
 * Scripts of healthy mail servers, with faults that a test chooses.
 */
import type { SocketProtocol } from '../../../src/settings/provider.ts'
import type { Answer, Script } from './scripted-server.ts'

export interface MailScriptOptions extends Omit<Script, 'answer'> {
  /** Before STARTTLS. */
  readonly inClear?: readonly string[]
  readonly inTls?: readonly string[]
  /** Responses by command or by whole line. `{tag}` is the tag of an IMAP command. */
  readonly answers?: Readonly<Record<string, Answer>>
}

interface Usual {
  readonly greeting: string
  readonly inClear: readonly string[]
  readonly inTls: readonly string[]
  readonly startTls: string
  readonly agreed: string
  readonly farewell: string
  readonly bye: string
  readonly ask: string
  /** Formats the response with the capabilities. */
  readonly format: (capabilities: readonly string[]) => string
}

const usual: Readonly<Record<SocketProtocol, Usual>> = {
  imap: {
    greeting: '* OK IMAP4rev1 ready\r\n',
    inClear: ['IMAP4rev1', 'STARTTLS', 'LOGINDISABLED'],
    inTls: ['IMAP4rev1', 'SASL-IR', 'AUTH=PLAIN'],
    startTls: 'STARTTLS',
    agreed: '{tag} OK begin\r\n',
    farewell: 'LOGOUT',
    bye: '* BYE\r\n{tag} OK\r\n',
    ask: 'CAPABILITY',
    format: capabilities => `* CAPABILITY ${capabilities.join(' ')}\r\n{tag} OK done\r\n`
  },
  pop3: {
    greeting: '+OK ready\r\n',
    inClear: ['STLS', 'SASL', 'UIDL'],
    inTls: ['USER', 'SASL PLAIN', 'UIDL'],
    startTls: 'STLS',
    agreed: '+OK begin\r\n',
    farewell: 'QUIT',
    bye: '+OK bye\r\n',
    ask: 'CAPA',
    format: capabilities => `+OK\r\n${capabilities.map(each => `${each}\r\n`).join('')}.\r\n`
  },
  smtp: {
    greeting: '220-smtp.example.com\r\n220 ESMTP\r\n',
    inClear: ['PIPELINING', 'STARTTLS'],
    inTls: ['PIPELINING', 'AUTH PLAIN LOGIN', 'AUTH=PLAIN LOGIN'],
    startTls: 'STARTTLS',
    agreed: '220 begin\r\n',
    farewell: 'QUIT',
    bye: '221 bye\r\n',
    ask: 'EHLO',
    format: capabilities =>
      `250-${['smtp.example.com', ...capabilities].join('\r\n250-')}\r\n`.replace(/250-(?=[^-]*$)/, '250 ')
  },
  managesieve: {
    greeting: '"IMPLEMENTATION" "Test"\r\n"SIEVE" "fileinto"\r\nOK "ready"\r\n',
    inClear: ['"IMPLEMENTATION" "Test"', '"STARTTLS"', '"SASL" ""'],
    inTls: ['"IMPLEMENTATION" "Test"', '"SASL" "PLAIN LOGIN"', '"VERSION" "1.0"'],
    startTls: 'STARTTLS',
    agreed: 'OK "begin"\r\n',
    farewell: 'LOGOUT',
    bye: 'OK "bye"\r\n',
    ask: 'CAPABILITY',
    format: capabilities => `${capabilities.map(each => `${each}\r\n`).join('')}OK "done"\r\n`
  }
}

export function mailScript(protocol: SocketProtocol, options: MailScriptOptions = {}): Script {
  const server = usual[protocol]
  const { inClear = server.inClear, inTls = server.inTls, answers = {}, ...script } = options
  const defaults: Record<string, (isSecured: boolean) => Answer> = {
    [server.ask]: isSecured => server.format(isSecured ? inTls : inClear),
    [server.startTls]: () => [server.agreed, 'tls'],
    [server.farewell]: () => [server.bye, 'close']
  }
  return {
    greeting: server.greeting,
    greetsAgain: protocol === 'managesieve',
    ...script,
    answer(line, isSecured) {
      const [tag = '', text = ''] =
        protocol === 'imap' ? (/^(\S+) (.*)$/.exec(line)?.slice(1) ?? ['', line]) : ['', line]
      const verb = text.split(' ')[0] ?? ''
      const own = [text, verb].find(key => Object.hasOwn(answers, key))
      const answer = own === undefined ? defaults[verb]?.(isSecured) : answers[own]
      if (answer === undefined) return undefined
      const fill = (each: string) => each.replaceAll('{tag}', tag)
      return typeof answer === 'string' ? fill(answer) : [fill(answer[0]), answer[1]]
    }
  }
}
