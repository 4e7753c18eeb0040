/**
 * One golden file: settings (YAML), an HTTP request and the answer it must get, parted by lines of hyphens.
 */
import type { InjectOptions, LightMyRequestResponse } from 'fastify'

export interface GoldenFile {
  readonly settings: string
  readonly request: string
  /** Empty in a file whose answer is yet to be written. */
  readonly answer: string
}

const separator = '----------\n'

export function readGolden(text: string): GoldenFile {
  const [settings = '', request = '', answer = ''] = text.split(separator)
  return { settings, request, answer }
}

export function writeGolden({ settings, request, answer }: GoldenFile): string {
  return [settings, request, answer].join(separator)
}

/** @returns the request in the form that `app.inject` takes */
export function toInjection(request: string): InjectOptions {
  const [head, body] = splitMessage(request)
  const [requestLine = '', ...fields] = head.trimEnd().split('\n')
  const [method = '', url = ''] = requestLine.split(' ')
  const headers = Object.fromEntries(fields.map(toField))
  return { method: method as 'GET' | 'POST', url, headers, ...(body !== '' && { payload: body }) }
}

/** @returns the answer as a golden file holds it, without what Node adds for the connection */
export function formatAnswer({ statusCode, statusMessage, headers, body }: LightMyRequestResponse): string {
  const fields = Object.entries(headers).filter(([name]) => !['connection', 'date', 'keep-alive'].includes(name))
  const lines = [`HTTP/1.1 ${statusCode} ${statusMessage}`, ...fields.map(([name, value]) => `${name}: ${value}`)]
  return `${lines.join('\n')}\n\n${body}`
}

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export function parseAnswer(answer: string): Answer {
  const [head, body] = splitMessage(answer)
  const [statusLine = '', ...fields] = head.split('\n')
  return { status: Number(statusLine.split(' ')[1]), headers: Object.fromEntries(fields.map(toField)), body }
}

function splitMessage(message: string): [head: string, body: string] {
  const blank = message.indexOf('\n\n')
  return blank < 0 ? [message, ''] : [message.slice(0, blank), message.slice(blank + 2)]
}

function toField(line: string): [name: string, value: string] {
  const colon = line.indexOf(': ')
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 2)]
}
