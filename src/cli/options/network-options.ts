/**
 * Command line options of the commands that use the network: definitions and checks.
 */
import { X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import { errors } from '../../errors.ts'
import type { AddressOverride } from '../../network/connector.ts'
import type { NetworkOptions } from '../../network/network-access.ts'
import { toDomain } from '../../settings/question/domain.ts'
import { readText } from '../../sources/read-file.ts'
import { type Call, type Command, valuesOf } from '../command.ts'

export const networkOptionDefinitions: Command['options'] = {
  resolver: { type: 'string', value: 'IP[:PORT]', summary: "DNS server to ask (default: the system's)" },
  timeout: { type: 'string', value: 'S', summary: 'timeout of a single answer in seconds (default 5)' },
  connect: {
    type: 'string',
    value: 'HOST=IP:PORT',
    multiple: true,
    summary: 'connect to this address for the host; HOST:PORT=IP:PORT for a single port'
  },
  ca: { type: 'string', value: 'FILE', summary: 'PEM file with additional certificate authorities to trust' },
  'allow-private': {
    type: 'boolean',
    summary: 'connect to private addresses, too, for example to examine a network from inside'
  }
}

/** @throws AC_USAGE */
export function networkOptions(call: Call): NetworkOptions {
  const { options } = call
  return {
    resolver: resolverOf(options.resolver),
    timeoutMs: timeoutOf(options.timeout),
    overrides: new Map(valuesOf(call, 'connect').map(toOverride)),
    ca: authoritiesOf(options.ca),
    allowPrivate: options['allow-private'] === true
  }
}

type Value = Call['options'][string]

function resolverOf(value: Value): string | undefined {
  if (value === undefined) return undefined
  const place = toPlace(String(value))
  if (place === undefined) {
    throw errors.usage({
      problem: `--resolver: found "${value}", expected IP or IP:PORT such as 9.9.9.9 or [2620:fe::9]:53`
    })
  }
  const { address, port = 53 } = place
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
}

function timeoutOf(value: Value = '5'): number {
  const seconds = Number(value)
  if (!/^\d{1,2}(?:\.\d+)?$/.test(String(value)) || seconds < 0.1 || seconds > 60) {
    throw errors.usage({ problem: `--timeout: found "${value}", expected seconds from 0.1 to 60` })
  }
  return seconds * 1000
}

function toOverride(text: string): [string, AddressOverride] {
  const [name = '', ...rest] = text.split('=')
  const [, host = '', port = ''] = /^(.*?)((?::\d{1,5})?)$/.exec(name) ?? []
  const domain = toDomain(host)
  const place = toPlace(rest.join('='))
  if (domain === undefined || place === undefined) {
    throw errors.usage({
      problem: `--connect: found "${text}", expected HOST=IP:PORT such as mail.example.com=127.0.0.1:8443, or HOST:PORT=IP:PORT`
    })
  }
  return [`${domain}${port}`, place]
}

/** @returns undefined unless the text is `IP`, `IP:PORT`, `[IP]` or `[IP]:PORT` */
function toPlace(text: string): AddressOverride | undefined {
  const match = /^(?:\[([^\]]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/.exec(text)
  const address = isIP(text) > 0 ? text : (match?.[1] ?? match?.[2] ?? '')
  const port = match?.[3] === undefined ? undefined : Number(match[3])
  if (isIP(address) === 0 || (port !== undefined && (port < 1 || port > 65535))) return undefined
  return { address, port }
}

function authoritiesOf(value: Value): string | undefined {
  if (value === undefined) return undefined
  const file = String(value)
  const read = readText(file)
  if ('reason' in read) throw errors.usage({ problem: `--ca: cannot read ${file}: ${read.reason}` })
  if (!isCertificate(read.text)) throw errors.usage({ problem: `--ca: found no certificate in ${file}, expected PEM` })
  return read.text
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).subject !== ''
  } catch {
    return false
  }
}
