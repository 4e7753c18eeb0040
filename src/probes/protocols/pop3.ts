/**
 * POP3, RFC 1939, with CAPA (RFC 2449), STLS (RFC 2595) and AUTH (RFC 5034).
 */
import type { Dialogue } from '../session/dialogue.ts'
import { SessionError } from '../session/session-error.ts'
import type { Reply, Speaker } from './line-protocol.ts'

export const pop3: Speaker = {
  title: 'POP3',
  startTls: 'STLS',
  ask: 'CAPA',
  greetsAgain: false,
  async greet(dialogue) {
    const line = await dialogue.line()
    // Spec: RFC 1939 4: a positive response; RFC 2449 8: a refusal may come instead.
    if (/^-ERR(?: |$)/i.test(line)) throw new SessionError('turnedAway', { found: line })
    if (!/^\+OK(?: |$)/i.test(line)) throw new SessionError('otherGreeting', { found: line })
    return line
  },
  async capabilities(dialogue) {
    dialogue.send('CAPA')
    // Spec: RFC 2449 5: a server that does not know CAPA says -ERR; then nothing is known of it.
    if ((await reply(dialogue)).outcome !== 'ok') return []
    const capabilities: string[] = []
    for (;;) {
      const line = await dialogue.line()
      if (line === '.') return capabilities
      capabilities.push(line)
    }
  },
  offer(capabilities, greeting) {
    const words = capabilities.map(each => each.toUpperCase().split(/ +/))
    const [, ...sasl] = words.find(([name]) => name === 'SASL') ?? []
    const has = (name: string) => words.some(([first]) => first === name)
    return {
      startTls: has('STLS'),
      // Spec: RFC 1939 7: APOP is offered by a timestamp in the greeting.
      mechanisms: /<[^<>@]+@[^<>@]+>/.test(greeting) ? [...sasl, 'APOP'] : sasl,
      ownLogIn: capabilities.length === 0 ? undefined : has('USER')
    }
  },
  command: (dialogue, text) => dialogue.send(text),
  reply,
  sasl: {
    // Why: servers that know SASL but not RFC 5034 take no initial response, and all of them ask for it.
    takesInitial: () => false,
    command: mechanism => `AUTH ${mechanism}`,
    response: text => text
  },
  logInCommands: ({ username, password }) => [`USER ${username}`, `PASS ${password}`],
  farewell: 'QUIT'
}

async function reply(dialogue: Dialogue): Promise<Reply> {
  const text = await dialogue.line()
  if (/^\+OK(?: |$)/i.test(text)) return { outcome: 'ok', text }
  if (text.startsWith('+ ') || text === '+') return { outcome: 'more', text: text.slice(1).trim() }
  if (!/^-ERR(?: |$)/i.test(text)) throw new SessionError('garbled', { found: text })
  // Spec: RFC 2449 8.1, RFC 3206 4: response codes that speak of the server, not of the password.
  const isLater = /^-ERR \[(?:SYS\/TEMP|IN-USE|LOGIN-DELAY)\]/i.test(text)
  return { outcome: isLater ? 'later' : 'no', text }
}
