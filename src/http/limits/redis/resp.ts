/**
 * The protocol of Redis, RESP2, as far as counting needs it: https://redis.io/docs/latest/develop/reference/protocol-spec/
 * Everything that a server sends has a bound, and what does not fit is an error.
 */

/** An error that the server answers with. */
export interface RedisError {
  /** Its first word, such as NOSCRIPT. */
  readonly error: string
}

export type Reply = string | number | null | RedisError | readonly Reply[]

/** Bytes of one reply. The longest expected one has 30. */
const mostBytes = 1024

/** Of an array. */
const mostItems = 8

/** Why thrown: it is then unknown where the next reply begins. */
export class RespError extends Error {
  override readonly name = 'RespError'
  readonly code = 'malformed-reply'
}

interface Read {
  readonly reply: Reply
  /** Where the next one begins. */
  readonly end: number
}

/** @returns the words as Redis takes a command */
export function writeCommand(words: readonly string[]): string {
  return `*${words.length}\r\n${words.map(word => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`
}

/** @returns takes bytes as latin1, and gives the replies that they complete. @throws RespError */
export function createReplyReader(): (bytes: string) => Reply[] {
  let rest = ''
  return bytes => {
    rest += bytes
    const replies: Reply[] = []
    let start = 0
    for (let read = readReply(rest, 0, 0); read !== undefined; read = readReply(rest, start, 0)) {
      replies.push(read.reply)
      start = read.end
    }
    rest = rest.slice(start)
    if (rest.length > mostBytes) throw new RespError()
    return replies
  }
}

/** @returns undefined while it is not there in full. @throws RespError */
function readReply(text: string, start: number, depth: number): Read | undefined {
  const end = text.indexOf('\r\n', start)
  if (end < 0) return undefined
  const body = text.slice(start + 1, end)
  const next = end + 2
  switch (text[start]) {
    case '+':
      return { reply: body, end: next }
    case '-':
      return { reply: { error: /^[A-Z]{1,20}/.exec(body)?.[0] ?? 'ERR' }, end: next }
    case ':':
      return { reply: toNumber(body), end: next }
    case '$':
      return readText(text, next, toNumber(body))
    case '*':
      return readArray(text, next, { length: toNumber(body), depth })
    default:
      throw new RespError()
  }
}

function toNumber(text: string): number {
  if (!/^-?\d{1,15}$/.test(text)) throw new RespError()
  return Number(text)
}

function readText(text: string, start: number, length: number): Read | undefined {
  if (length === -1) return { reply: null, end: start }
  if (length < 0 || length > mostBytes) throw new RespError()
  const end = start + length
  if (text.length < end + 2) return undefined
  if (text.slice(end, end + 2) !== '\r\n') throw new RespError()
  return { reply: text.slice(start, end), end: end + 2 }
}

interface ArrayHead {
  readonly length: number
  readonly depth: number
}

function readArray(text: string, start: number, { length, depth }: ArrayHead): Read | undefined {
  if (length === -1) return { reply: null, end: start }
  if (length < 0 || length > mostItems || depth > 0) throw new RespError()
  const items: Reply[] = []
  let end = start
  while (items.length < length) {
    const read = readReply(text, end, depth + 1)
    if (read === undefined) return undefined
    items.push(read.reply)
    end = read.end
  }
  return { reply: items, end }
}
