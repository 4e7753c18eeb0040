/**
 * What the schema cannot say: faults that would make a mail program fail, and choices that some mail programs dislike.
 */
import { isIP } from 'node:net'
import { toDomain } from '../domain.ts'
import { error, expected, type Fault, found, type Path } from '../load/finding.ts'
import { toPattern } from '../provider.ts'
import type { Settings } from '../schema.ts'
import { checkNetwork, checkUrl } from './address.ts'
import { checkDirectory } from './directory.ts'
import { checkLimits, checkMxLookup } from './limits.ts'
import { checkProvider } from './provider.ts'
import { checkUsers } from './users.ts'

/** @param settings must have passed the schema */
export function findFaults(settings: Settings): Fault[] {
  const { http, limits, admin, directory, users, providers } = settings
  return [
    ...checkTexts(settings, []),
    ...checkHttp(http ?? {}, ['http']),
    ...checkHost(http?.tls?.host, ['http', 'tls', 'host']),
    ...checkHost(admin?.host, ['admin', 'host']),
    ...checkLimits(limits, ['limits'], { workers: http?.workers }),
    ...(directory === undefined ? [] : checkDirectory(directory, ['directory'], ':domain')),
    ...checkMxLookup(settings, ['mxLookup']),
    ...(users === undefined ? [] : checkUsers(users, ['users'], providers)),
    ...checkUniqueness(settings),
    ...providers.flatMap((provider, index) => checkProvider(provider, ['providers', index]))
  ]
}

/**
 * Spec: XML 1.0 2.2 has no way to write most of these characters. Non-characters are refused too: compiled documents use
 * them as marks (formats/template.ts).
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const unwritable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufdd0-\ufdef\ufffe\uffff]|\p{Cs}/u

function checkTexts(value: unknown, path: Path): Fault[] {
  if (typeof value === 'string') {
    return unwritable.test(value) ? [expected(path, value, 'a text without control characters')] : []
  }
  if (Array.isArray(value)) return value.flatMap((item, index) => checkTexts(item, [...path, index]))
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, item]) => checkTexts(item, [...path, key]))
}

function checkHttp({ host, trustProxy = [], publicUrl }: NonNullable<Settings['http']>, path: Path): Fault[] {
  return [
    ...trustProxy.flatMap((network, index) => checkProxy(network, [...path, 'trustProxy', index])),
    ...checkHost(host, [...path, 'host']),
    ...(publicUrl === undefined ? [] : checkUrl(publicUrl, [...path, 'publicUrl']))
  ]
}

function checkHost(host: string | undefined, path: Path): Fault[] {
  if (host === undefined || isIP(host) !== 0 || toDomain(host) !== undefined) return []
  return [expected(path, host, 'an address of this machine such as 127.0.0.1, 0.0.0.0 or "::"')]
}

/** Why: then anybody could say what the proxy should. Fastify refuses it too. */
function checkProxy(network: string, path: Path): Fault[] {
  const faults = checkNetwork(network, path)
  const everybody = faults.length === 0 && /\/0+$/.test(network)
  return everybody ? [expected(path, network, 'the addresses of your proxies only')] : faults
}

function checkUniqueness({ providers }: Settings): Fault[] {
  const faults: Fault[] = []
  const owners = new Map<string, string>()
  const claim = (key: string, path: Path, value: string, owner: string) => {
    const other = owners.get(key)
    if (other === undefined) owners.set(key, owner)
    else faults.push(error(path, `found ${found(value)}, which ${other} has already`))
  }
  for (const [index, { id, domains, mx = [] }] of providers.entries()) {
    const owner = `provider "${id}"`
    claim(`id ${id}`, ['providers', index, 'id'], id, 'another provider')
    for (const [at, name] of domains.entries()) {
      claim(`domain ${toPattern(name) ?? name}`, ['providers', index, 'domains', at], name, owner)
    }
    for (const [at, name] of mx.entries()) {
      claim(`mx ${toPattern(name) ?? name}`, ['providers', index, 'mx', at], name, owner)
    }
  }
  return faults
}
