/**
 * One login, with the best method that both the server offers and the settings advertise.
 */
import type { Authentication } from '../../settings/schema.ts'
import type { Offer, Reply, Speaker } from '../protocols/line-protocol.ts'
import { type Credentials, cramMd5, login, type Mechanism, plain } from '../protocols/sasl.ts'
import type { Dialogue } from './dialogue.ts'

export interface LogInOptions {
  readonly credentials: Credentials
  readonly advertised: readonly Authentication[]
  readonly capabilities: readonly string[]
  readonly offer: Offer
}

/** @returns the last answer of the server, or the reason why there is no login attempt. @throws SessionError */
export async function logIn(dialogue: Dialogue, speaker: Speaker, options: LogInOptions): Promise<Reply | string> {
  const { credentials, advertised, offer, capabilities } = options
  const text = `${credentials.username}${credentials.password}`
  // Spec: PLAIN allows no NUL (RFC 4616 2), and a line must not contain a line break.
  if (/[\0\r\n]/.test(text)) return 'the user name or the password holds a line break'
  const has = ({ name }: Mechanism) => offer.mechanisms.includes(name)
  const bySasl = (mechanism: Mechanism) =>
    exchange(dialogue, speaker, { mechanism, credentials, takesInitial: speaker.sasl.takesInitial(capabilities) })
  if (advertised.includes('password')) {
    if (has(plain)) return bySasl(plain)
    // Why only ASCII: each protocol encodes other characters differently, and few servers support it.
    const commands = speaker.logInCommands?.(credentials)
    if (commands !== undefined && offer.ownLogIn !== false && /^[ -~]*$/.test(text)) {
      return byCommands(dialogue, speaker, commands)
    }
    if (has(login)) return bySasl(login)
  }
  if (advertised.includes('encrypted-password') && has(cramMd5)) return bySasl(cramMd5)
  return 'the server and the settings have no password method in common'
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
  const isSent = typeof initial === 'string'
  speaker.command(dialogue, sasl.command(mechanism.name, isSent ? encode(initial) : undefined))
  let reply = await speaker.reply(dialogue)
  for (const answer of isSent ? [] : mechanism.answers) {
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
