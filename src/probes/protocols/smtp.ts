import { isIPv4, isIPv6 } from 'node:net'
import type { Dialogue } from '../session/dialogue.ts'
import { SessionError } from '../session/session-error.ts'
import type { Reply, Speaker } from './line-protocol.ts'

/**
 * SMTP submission, RFC 6409 over RFC 5321, with STARTTLS (RFC 3207) and AUTH (RFC 4954).
 */

export const smtp: Speaker = {
  title: 'SMTP',
  startTls: 'STARTTLS',
  ask: 'EHLO',
  greetsAgain: false,
  async greet(dialogue) {
    // Spec: RFC 5321 4.2: 220 in one or more lines; 3.1: 554 instead, and 421 where the service is not available.
    const { code, lines } = await answer(dialogue, 'otherGreeting')
    const [found] = lines
    if (code === 220) return found
    throw new SessionError(code >= 400 ? 'turnedAway' : 'otherGreeting', { found })
  },
  async capabilities(dialogue, name) {
    dialogue.send(`EHLO ${name}`)
    const { code, lines } = await answer(dialogue, 'garbled')
    const [found, ...extensions] = lines
    if (code !== 250) throw new SessionError('capabilitiesRefused', { found })
    return extensions.map(line => line.slice('250-'.length))
  },
  offer(capabilities) {
    // Observed: Outlook Express 4 and servers made for it (until today): AUTH=LOGIN beside AUTH LOGIN.
    const words = capabilities.map(each => each.toUpperCase().split(/[ =]+/))
    return {
      startTls: words.some(([name]) => name === 'STARTTLS'),
      mechanisms: [...new Set(words.filter(([name]) => name === 'AUTH').flatMap(([, ...mechanisms]) => mechanisms))],
      ownLogIn: false
    }
  },
  command: (dialogue, text) => dialogue.send(text),
  async reply(dialogue): Promise<Reply> {
    const { code, lines } = await answer(dialogue, 'garbled')
    const [text] = lines
    // Spec: RFC 4954 4: the challenge stands behind 334.
    return code === 334 ? { outcome: 'more', text: text.slice(4) } : { outcome: outcomeOf(code), text }
  },
  sasl: {
    takesInitial: () => true,
    command: (mechanism, initial) => `AUTH ${mechanism}${initial === undefined ? '' : ` ${initial}`}`,
    response: text => text
  },
  farewell: 'QUIT'
}

interface Answer {
  readonly code: number
  readonly lines: readonly [string, ...string[]]
}

/** Spec: RFC 5321 4.2.1: the last line has a space, or nothing, behind the code; the code is the same in all. */
async function answer(dialogue: Dialogue, otherwise: 'otherGreeting' | 'garbled'): Promise<Answer> {
  const read = async () => {
    const line = await dialogue.line()
    const [, code = '', mark] = /^([2-5][0-9]{2})([ -]|$)/.exec(line) ?? []
    if (code === '') throw new SessionError(otherwise, { found: line })
    return { line, code: Number(code), isLast: mark !== '-' }
  }
  const first = await read()
  const lines: [string, ...string[]] = [first.line]
  for (let last = first; !last.isLast; ) {
    last = await read()
    lines.push(last.line)
  }
  return { code: first.code, lines }
}

function outcomeOf(code: number): Reply['outcome'] {
  if (code < 400) return 'ok'
  return code < 500 ? 'later' : 'no'
}

/**
 * The name that an SMTP client gives itself.
 */

/**
 * Spec: a client without a host name sends its address literal (RFC 5321 4.1.3, 4.1.4).
 * @param localAddress the local address of the connection, from Node.js
 */
export function ehloName(localAddress: string | undefined): string {
  const address = String(localAddress).replace(/^::ffff:(?=[\d.]+$)/, '')
  if (isIPv4(address)) return `[${address}]`
  const [withoutZone] = address.split('%', 1)
  return isIPv6(address) ? `[IPv6:${withoutZone}]` : '[127.0.0.1]'
}
