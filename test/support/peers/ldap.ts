/**
 * The part of LDAP (RFC 4511) that a search needs.
 */
import { BerReader } from 'ldapts'
import { found, result } from '../directories/fake-ldap.ts'
import type { Conversation } from './peer.ts'

export function ldap(): Conversation {
  let rest: Buffer = Buffer.alloc(0)
  return {
    greeting: [],
    answer(bytes) {
      rest = Buffer.concat([rest, bytes])
      const replies: Buffer[] = []
      for (;;) {
        const reader = new BerReader(rest)
        if (rest.length < 2 || reader.readSequence() === null || reader.remain < reader.length) return replies
        const end = reader.offset + reader.length
        const id = reader.readInt() ?? 0
        const operation = reader.peek()
        if (operation === 0x60) replies.push(result(id, 'bind'))
        else if (operation === 0x63)
          replies.push(found(id, { cn: ['a.example'], o: ['example'] }), result(id, 'search'))
        rest = rest.subarray(end)
      }
    }
  }
}
