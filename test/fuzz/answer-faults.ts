/**
 * Checks of the responses on one connection, and of the log.
 */
import { canariesIn, hasMarkup } from './canary.ts'
import { isOwn } from './document-faults.ts'
import { type RawAnswer, readRawAnswers } from './raw-answers.ts'

const statuses = new Set([100, 200, 204, 302, 307, 400, 404, 405, 408, 413, 414, 431, 505])
const forbidden = new Set(['set-cookie', 'www-authenticate', 'server', 'x-powered-by'])

/** An address or a name may be reflected in a response to its own request. */
const personal = ['local', 'domain', 'typed', 'name']

/** Fields that may be in a query. */
const asked = [...personal, 'query']

/** The domain that the log may contain: that of the request. */
const logged = ['domain', 'host']

export interface Expected {
  /** The sent data as latin1. */
  readonly bytes: string
  /** Number of answers. */
  readonly least: number
  readonly most: number
}

/** @param received all received data as latin1. @returns the problem, if any. @throws if it is not HTTP */
export function answersFault(received: string, { bytes, least, most }: Expected): string | undefined {
  const answers = readRawAnswers(received).filter(({ status }) => status !== 100)
  if (answers.length > most) return `${answers.length} answers, not ${most} at most: ${received.slice(0, 300)}`
  // Why: after a response that announces the end of the connection, no further request is answered.
  const hasEnded = answers.at(-1)?.headers.some(([name, value]) => name === 'connection' && value === 'close') === true
  if (answers.length < least && !hasEnded) return `${answers.length} answers, not ${least}: ${received.slice(0, 300)}`
  const sent = canariesIn(decodeURIComponentSafely(bytes))
  for (const answer of answers) {
    const fault = answerFault(answer, sent)
    if (fault !== undefined) return fault
  }
  return undefined
}

function answerFault({ status, headers, body }: RawAnswer, sent: readonly string[]): string | undefined {
  if (!statuses.has(status)) return `status ${status}`
  for (const [name, value] of headers) {
    if (forbidden.has(name)) return `header ${name}`
    if (name === 'location' && !isOwn(value)) return `Location ${value}`
    const fields = name === 'location' ? redirectFields(value) : canariesIn(value)
    // Why less for a URL: & and ' are part of it.
    const isMarkup = name === 'location' ? /[<>"]/.test(value) : hasMarkup(value, '')
    if (fields.length > 0 || isMarkup) return `header ${name} gives back ${value}`
  }
  const [, type = ''] = headers.find(([name]) => name === 'content-type') ?? []
  if (hasMarkup(body, type)) return 'markup came back unescaped'
  const allowed = status === 404 && !type.startsWith('text/html') ? [] : personal
  const leaked = canariesIn(body).filter(field => !allowed.includes(field) || !sent.includes(field))
  return leaked.length > 0 ? `${status} gives back the field ${leaked.join(', ')}` : undefined
}

/** Why each part separately: a redirect keeps the query of the request, and the host of an absolute target may be in its query. */
function redirectFields(location: string): readonly string[] {
  const [beforeQuery = '', ...query] = location.split('?')
  const inQuery = canariesIn(query.join('?')).filter(field => !asked.includes(field) && field !== 'host')
  return [...canariesIn(beforeQuery).filter(field => !asked.includes(field)), ...inQuery]
}

export function logFault(lines: readonly string[]): string | undefined {
  const bad = lines.find(
    line =>
      /"outcome":"failed"|"level":"(?:error|fatal)"/.test(line) ||
      canariesIn(line).some(field => !logged.includes(field))
  )
  return bad === undefined ? undefined : `log: ${bad}`
}

/**
 * Like `logFault`, for requests whose bytes were deleted, repeated and moved: the requested domain may then contain any word,
 * since a header that lost its name may continue the Host before it.
 */
export function mutatedLogFault(line: string): string | undefined {
  const fault = logFault([line.replace(/"domain":"[a-z0-9.-]*",?/, '')])
  return fault === undefined ? undefined : `log: ${line}`
}

function decodeURIComponentSafely(text: string): string {
  return text.replace(/%[\da-f]{2}/gi, code => String.fromCharCode(Number.parseInt(code.slice(1), 16)))
}
