/**
 * IMAP, RFC 9051 (and RFC 3501, which older servers speak).
 */
import type { Dialogue } from '../session/dialogue.ts'
import { SessionError } from '../session/session-error.ts'
import type { Reply, Speaker } from './line-protocol.ts'

export const imap: Speaker = {
  title: 'IMAP',
  startTls: 'STARTTLS',
  ask: 'CAPABILITY',
  greetsAgain: false,
  async greet(dialogue) {
    const line = await dialogue.line()
    // Spec: RFC 9051 7.1: OK, PREAUTH or BYE.
    const [, state] = /^\* (OK|PREAUTH|BYE)(?: |$)/i.exec(line) ?? []
    if (state === undefined) throw new SessionError('otherGreeting', { found: line })
    if (state.toUpperCase() === 'BYE') throw new SessionError('turnedAway', { found: line })
    if (state.toUpperCase() === 'PREAUTH') throw new SessionError('preauth')
    return line
  },
  async capabilities(dialogue) {
    command(dialogue, 'CAPABILITY')
    const { outcome, text, untagged } = await answer(dialogue)
    const listed = untagged.filter(line => /^\* CAPABILITY /i.test(line)).at(-1)
    if (outcome !== 'ok' || listed === undefined) throw new SessionError('capabilitiesRefused', { found: text })
    return listed.split(/ +/).slice(2)
  },
  offer(capabilities) {
    const all = capabilities.map(each => each.toUpperCase())
    return {
      startTls: all.includes('STARTTLS'),
      mechanisms: all.filter(each => each.startsWith('AUTH=')).map(each => each.slice('AUTH='.length)),
      // Spec: RFC 9051 6.2.3: the one thing that forbids LOGIN.
      ownLogIn: !all.includes('LOGINDISABLED')
    }
  },
  command,
  reply: answer,
  sasl: {
    // Spec: RFC 4959 3 for IMAP4rev1; RFC 9051 6.2.2: part of IMAP4rev2.
    takesInitial: capabilities => capabilities.some(each => /^(?:SASL-IR|IMAP4rev2)$/i.test(each)),
    command: (mechanism, initial) => `AUTHENTICATE ${mechanism}${initial === undefined ? '' : ` ${initial}`}`,
    response: text => text
  },
  logInCommands: ({ username, password }) => [`LOGIN ${quoted(username)} ${quoted(password)}`],
  farewell: 'LOGOUT'
}

function command(dialogue: Dialogue, text: string): void {
  dialogue.send(`a${dialogue.sent + 1} ${text}`)
}

async function answer(dialogue: Dialogue): Promise<Reply & { readonly untagged: readonly string[] }> {
  const untagged: string[] = []
  for (;;) {
    const line = await dialogue.line()
    const [, state, text = ''] = /^a\d+ (OK|NO|BAD)(?: (.*))?$/i.exec(line) ?? []
    if (state !== undefined) return { outcome: outcomeOf(state, text), text: line, untagged }
    if (line.startsWith('+')) return { outcome: 'more', text: line.slice(1).trim(), untagged }
    if (!line.startsWith('* ')) throw new SessionError('garbled', { found: line })
    untagged.push(line)
  }
}

function outcomeOf(state: string, text: string): Reply['outcome'] {
  if (state.toUpperCase() === 'OK') return 'ok'
  // Spec: RFC 9051 7.1: response codes that speak of the server, not of the password.
  return /^\[(?:UNAVAILABLE|INUSE|LIMIT|SERVERBUG|CONTACTADMIN)\b/i.test(text) ? 'later' : 'no'
}

/** Spec: RFC 9051 4.3: a quoted string. */
function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`
}
