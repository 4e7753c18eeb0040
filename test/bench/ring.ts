// The sequence of requests that a load repeats: the request of the case for 256 addresses, ready to send.
import type { BenchCase, BenchRequest } from './cases.ts'

const SIZE = 256

// Why: every local part is as long as `john.doe`, so all responses of a case have the same length, and the bare server,
// which repeats one of them, sends as many bytes as Signpost does.
export const ringOf = ({ request }: BenchCase): BenchRequest[] =>
  Array.from({ length: SIZE }, (_, index) => request(`john.d${index.toString(16).padStart(2, '0')}`))

/** The sequence in the format of ring.lua: raw requests, separated by NUL. */
export const ringFile = (ring: readonly BenchRequest[]): string => ring.map(raw).join('\0')

const raw = ({ method, target, headers, body = '' }: BenchRequest): string => {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  return `${method} ${target} HTTP/1.1\r\n${lines.join('')}\r\n${body}`
}
