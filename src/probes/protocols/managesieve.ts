/**
 * ManageSieve, RFC 5804.
 */
import type { Dialogue } from '../session/dialogue.ts'
import { SessionError } from '../session/session-error.ts'
import type { Reply, Speaker } from './line-protocol.ts'

export const managesieve: Speaker = {
  title: 'ManageSieve',
  startTls: 'STARTTLS',
  ask: 'CAPABILITY',
  // Spec: RFC 5804 2.2: the server sends its capabilities again after TLS.
  greetsAgain: true,
  async greet(dialogue) {
    const first = await wholeLine(dialogue)
    // Spec: RFC 5804 1.7: capabilities and OK; 1.2: NO or BYE instead.
    if (isAnswer(first, 'NO|BYE')) throw new SessionError('turnedAway', { found: first })
    for (let line = first; !isAnswer(line, 'OK'); line = await wholeLine(dialogue)) {
      if (capabilityOf(line) === undefined) throw new SessionError('otherGreeting', { found: line })
    }
    return first
  },
  async capabilities(dialogue) {
    dialogue.send('CAPABILITY')
    const capabilities: string[] = []
    for (;;) {
      const line = await wholeLine(dialogue)
      if (isAnswer(line, 'OK')) return capabilities
      if (isAnswer(line, 'NO|BYE')) throw new SessionError('capabilitiesRefused', { found: line })
      const capability = capabilityOf(line)
      if (capability === undefined) throw new SessionError('garbled', { found: line })
      capabilities.push(capability)
    }
  },
  offer(capabilities) {
    const words = capabilities.map(each => each.toUpperCase().split(/ +/))
    const [, ...mechanisms] = words.find(([name]) => name === 'SASL') ?? []
    return { startTls: words.some(([name]) => name === 'STARTTLS'), mechanisms, ownLogIn: false }
  },
  command: (dialogue, text) => dialogue.send(text),
  async reply(dialogue): Promise<Reply> {
    const line = await wholeLine(dialogue)
    if (isAnswer(line, 'OK')) return { outcome: 'ok', text: line }
    if (isAnswer(line, 'NO|BYE')) return { outcome: isLater(line) ? 'later' : 'no', text: line }
    const challenge = capabilityOf(line)
    if (challenge === undefined) throw new SessionError('garbled', { found: line })
    return { outcome: 'more', text: challenge }
  },
  sasl: {
    takesInitial: () => true,
    command: (mechanism, initial) => `AUTHENTICATE "${mechanism}"${initial === undefined ? '' : ` "${initial}"`}`,
    response: text => `"${text}"`
  },
  farewell: 'LOGOUT'
}

/** @returns a line in which every literal has become a quoted string (RFC 5804 4: string) */
async function wholeLine(dialogue: Dialogue): Promise<string> {
  const line = await dialogue.line()
  const mark = /\{(\d{1,6})\+?\}$/.exec(line)
  if (mark === null) return line
  const literal = await dialogue.octets(Number(mark[1]))
  return `${line.slice(0, mark.index)}"${literal.replace(/["\\]/g, '\\$&')}"${await wholeLine(dialogue)}`
}

function isAnswer(line: string, words: string): boolean {
  return new RegExp(`^(?:${words})(?: |$)`, 'i').test(line)
}

/** Spec: RFC 5804 2.5: TRYLATER. */
function isLater(line: string): boolean {
  return /^\w+ \(TRYLATER/i.test(line)
}

const quotedString = '"((?:[^"\\\\]|\\\\.)*)"'
const capabilityLine = new RegExp(`^${quotedString}(?: ${quotedString})?$`)

/** @returns name and value without quotes, or undefined where the line is no string or two */
function capabilityOf(line: string): string | undefined {
  const match = capabilityLine.exec(line)
  const strings = match?.slice(1).filter(each => each !== undefined)
  return strings
    ?.map(each => each.replace(/\\(.)/g, '$1'))
    .join(' ')
    .trim()
}
