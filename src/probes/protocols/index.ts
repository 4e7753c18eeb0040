/**
 * All line-based protocols.
 */
import type { SocketProtocol } from '../../settings/provider.ts'
import { imap } from './imap.ts'
import type { Speaker } from './line-protocol.ts'
import { managesieve } from './managesieve.ts'
import { pop3 } from './pop3.ts'
import { smtp } from './smtp.ts'

export const speakers: Readonly<Record<SocketProtocol, Speaker>> = { imap, pop3, smtp, managesieve }
