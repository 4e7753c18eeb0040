/**
 * `discover` of a model, out of what is particular to the program.
 */
import type { Client, FoundAccount } from './client.ts'
import { type Mailbox, toMailbox } from './mailbox.ts'
import { createTracer, type Tracer } from './tracer.ts'

/** @returns the account, or why there is none */
export type Search = (mailbox: Mailbox, tracer: Tracer) => Promise<FoundAccount | string>

export function createDiscover(search: Search): Client['discover'] {
  return async (address, world) => {
    const mailbox = toMailbox(address)
    if (mailbox === undefined) return { account: undefined, reason: 'not a mail address', trace: [] }
    const tracer = createTracer(world)
    const found = await search(mailbox, tracer)
    return typeof found === 'string'
      ? { account: undefined, reason: found, trace: tracer.trace }
      : { account: found, reason: undefined, trace: tracer.trace }
  }
}
