/**
 * The server side of the protocol of Redis, RESP2.
 */
import type { Conversation } from './peer.ts'

export interface RedisPeer {
  /** The last commands as lists of words. */
  readonly commands: string[][]
  readonly converse: () => Conversation
}

const mostCommands = 1000

export function redisPeer(): RedisPeer {
  const commands: string[][] = []
  const counts = new Map<string, number>()

  function reply(words: string[]): Buffer {
    if (commands.push(words) > mostCommands) commands.shift()
    const [name = '', , , key = ''] = words
    if (name !== 'EVALSHA') return Buffer.from('+OK\r\n')
    const count = (counts.get(key) ?? 0) + 1
    counts.set(key, count)
    return Buffer.from(`*2\r\n:${count}\r\n:60000\r\n`)
  }

  return {
    commands,
    converse() {
      let rest = ''
      return {
        greeting: [],
        answer(bytes) {
          rest += bytes.toString('latin1')
          const replies: Buffer[] = []
          for (let read = readCommand(rest); read !== undefined; read = readCommand(rest)) {
            rest = rest.slice(read.length)
            replies.push(reply(read.words))
          }
          return replies
        }
      }
    }
  }
}

/** @returns the words of the first command; undefined until it is complete */
export function readCommand(text: string): { readonly words: string[]; readonly length: number } | undefined {
  const [head, count] = /^\*(\d+)\r\n/.exec(text) ?? []
  if (head === undefined) return undefined
  let at = head.length
  const words: string[] = []
  for (let word = 0; word < Number(count); word++) {
    const [size, bytes] = /^\$(\d+)\r\n/.exec(text.slice(at)) ?? []
    if (size === undefined) return undefined
    at += size.length
    words.push(text.slice(at, at + Number(bytes)))
    at += Number(bytes) + 2
  }
  return at > text.length ? undefined : { words, length: at }
}
