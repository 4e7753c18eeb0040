/**
 * A mail server as an option names it: `imap.example.com`, `imap.example.com:993`, `smtp.example.com:587/starttls`, or
 * `:587/starttls` at the host of another option.
 */
import { errors } from '../../errors.ts'
import { defaultPort } from '../../settings/provider.ts'
import type { ServerSettings } from '../../settings/schema.ts'

/** A text, and the option or environment variable that it comes from. */
export interface Given {
  readonly label: string
  readonly text: string
}

const securities = ['tls', 'starttls'] as const

/**
 * @param host where the text names none
 * @returns a server whose port and security are explicit
 * @throws AC_USAGE
 */
export function serverOf(
  protocol: 'imap' | 'pop3' | 'smtp',
  { label, text }: Given,
  host: string | undefined
): ServerSettings {
  const match = /^([^:/\s]*)(?::(\d{1,5}))?(?:\/(tls|starttls))?$/.exec(text)
  const name = match?.[1] || host
  const port = match?.[2] === undefined ? undefined : Number(match[2])
  if (match === null || name === undefined || port === 0 || Number(port) > 65535) {
    throw errors.usage({
      problem: `${label}: found "${text}", expected HOST, HOST:PORT, HOST:PORT/tls or HOST:PORT/starttls`
    })
  }
  const usual = securities.find(each => port === undefined || port === defaultPort(protocol, each))
  const security = securities.find(each => each === match[3]) ?? usual
  if (security === undefined) {
    const problem = `found port ${port}, whose security is unknown; expected ${text}/tls or ${text}/starttls`
    throw errors.usage({ problem: `${label}: ${problem}` })
  }
  return { protocol, host: name, port: port ?? defaultPort(protocol, security), security }
}
