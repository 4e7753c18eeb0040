/**
 * A strict parser for HTTP responses: RFC 9112.
 */
export interface RawAnswer {
  readonly status: number
  /** Names in lower case. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: string
}

const statusLine = /^HTTP\/1\.1 (\d{3}) [ -~]*\r\n/
const fieldLine = /^([!#$%&'*+.^_`|~\w-]+): ([ -~\x80-\xff]*)\r\n/

const emptyChunks = '0\r\n\r\n'

/** @returns all responses. @throws at the first invalid byte */
export function readRawAnswers(text: string): RawAnswer[] {
  const answers: RawAnswer[] = []
  let rest = text
  while (rest !== '') {
    const [line, status] = statusLine.exec(rest) ?? fail('no status line', rest)
    rest = rest.slice(line?.length)
    const headers: [string, string][] = []
    for (let match = fieldLine.exec(rest); match !== null; match = fieldLine.exec(rest)) {
      headers.push([(match[1] ?? '').toLowerCase(), match[2] ?? ''])
      rest = rest.slice(match[0].length)
    }
    if (!rest.startsWith('\r\n')) fail('no header', rest)
    rest = rest.slice(2)
    // Observed: node's own 400 to a request without Host is chunked, and empty.
    const isChunked = headers.some(([name]) => name === 'transfer-encoding')
    if (isChunked && !rest.startsWith(emptyChunks)) fail('a body in chunks', rest)
    if (isChunked) rest = rest.slice(emptyChunks.length)
    const length = bodyLength(headers, rest)
    if (rest.length < length) fail('a body cut short', rest)
    answers.push({ status: Number(status), headers, body: rest.slice(0, length) })
    rest = rest.slice(length)
  }
  return answers
}

/** Why 0 before another response: a response to HEAD has the length of a body that is not sent. */
function bodyLength(headers: readonly (readonly [string, string])[], rest: string): number {
  const lengths = headers.filter(([name]) => name === 'content-length')
  if (lengths.length > 1) fail('two lengths', rest)
  return rest === '' || statusLine.test(rest) ? 0 : Number(lengths[0]?.[1] ?? 0)
}

function fail(what: string, rest: string): never {
  throw new Error(`${what} at ${JSON.stringify(rest.slice(0, 200))}`)
}
