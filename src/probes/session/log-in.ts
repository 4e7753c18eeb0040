/**
 * One log-in, by the best way that the server offers and the settings advertise.
 */
import type { Authentication } from '../../settings/schema.ts'
import type { Offer, Reply, Speaker } from '../protocols/line-protocol.ts'
import { cramMd5, login, type Mechanism, plain } from '../protocols/sasl.ts'
import type { Credentials } from './credentials.ts'
import type { Dialogue } from './dialogue.ts'

export interface LogInOptions {
  readonly credentials: Credentials
  readonly advertised: readonly Authentication[]
  readonly capabilities: readonly string[]
  readonly offer: Offer
}

/** @returns the last answer of the server, or why log-in is not tried. @throws Trouble */
export async function logIn(dialogue: Dialogue, speaker: Speaker, options: LogInOptions): Promise<Reply | string> {
  const { credentials, advertised, offer, capabilities } = options
  const both = `${credentials.username}${credentials.password}`
  // Spec: RFC 4616 2: no NUL; and a line has one end.
  if (/[\0\r\n]/.test(both)) return 'the user name or the password holds a line break'
  const has = ({ name }: Mechanism) => offer.mechanisms.includes(name)
  const bySasl = (mechanism: Mechanism) =>
    exchange(dialogue, speaker, { mechanism, credentials, takesInitial: speaker.sasl.takesInitial(capabilities) })
  if (advertised.includes('password')) {
    if (has(plain)) return bySasl(plain)
    // Why: what is not ASCII has a form of its own in each protocol, and few servers read it.
    const commands = speaker.logInCommands?.(credentials)
    if (commands !== undefined && offer.ownLogIn !== false && /^[ -~]*$/.test(both)) {
      return byCommands(dialogue, speaker, commands)
    }
    if (has(login)) return bySasl(login)
  }
  if (advertised.includes('encrypted-password') && has(cramMd5)) return bySasl(cramMd5)
  return 'the server and the settings agree on no log-in with a password'
}

async function byCommands(dialogue: Dialogue, speaker: Speaker, commands: readonly string[]): Promise<Reply> {
  let reply: Reply = { outcome: 'no', text: '' }
  for (const command of commands) {
    speaker.command(dialogue, command)
    reply = await speaker.reply(dialogue)
    if (reply.outcome !== 'ok') break
  }
  return reply
}

interface Exchange {
  readonly mechanism: Mechanism
  readonly credentials: Credentials
  readonly takesInitial: boolean
}

async function exchange(dialogue: Dialogue, speaker: Speaker, options: Exchange): Promise<Reply> {
  const { mechanism, credentials, takesInitial } = options
  const { sasl } = speaker
  const initial = takesInitial && mechanism.initial?.(credentials)
  const isSaid = typeof initial === 'string'
  speaker.command(dialogue, sasl.command(mechanism.name, isSaid ? encode(initial) : undefined))
  let reply = await speaker.reply(dialogue)
  for (const answer of isSaid ? [] : mechanism.answers) {
    if (reply.outcome !== 'more') return reply
    dialogue.send(sasl.response(encode(answer(credentials, Buffer.from(reply.text, 'base64')))))
    reply = await speaker.reply(dialogue)
  }
  if (reply.outcome !== 'more') return reply
  dialogue.send(sasl.response('*'))
  return speaker.reply(dialogue)
}

function encode(text: string): string {
  return Buffer.from(text).toString('base64')
}
