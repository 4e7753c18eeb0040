/**
 * Checks of the table beyond the schema: errors that would make mail programs fail, and choices that some of them handle
 * badly.
 */
import { basedOn, error, expected, type Fault, found, type Path, pathText, warning } from '../load/finding.ts'
import { toPattern } from '../provider.ts'
import type { Settings } from '../schema.ts'
import { checkHostNames, checkListenHost, checkNetwork, checkResolver, checkUrl } from './address.ts'
import { checkDirectory } from './directory.ts'
import { checkLimits, checkMxLookup } from './limits.ts'
import { checkPatterns } from './patterns.ts'
import { checkPlaceholders } from './placeholders.ts'
import { checkProvider } from './provider.ts'
import { checkLoops } from './service-url.ts'
import { checkOpenNames, checkTls } from './tls.ts'
import { checkUsers } from './users.ts'

/** @param settings must match the schema, except for faults that are left out because of `basedOn` */
export function findFaults(settings: Settings): Fault[] {
  const ofTexts = checkTexts(settings, [])
  const ofPlaceholders = except(ofTexts, checkPlaceholders(settings))
  const inText = [...ofTexts, ...ofPlaceholders]
  return [...inText, ...except(inText, checkValues(settings))]
}

/** Why: a control character or a placeholder also makes a name or a URL invalid, and one mistake is reported once. */
function except(reported: readonly Fault[], faults: readonly Fault[]): readonly Fault[] {
  const paths = new Set(reported.map(({ path }) => pathText(path)))
  return paths.size === 0 ? faults : faults.filter(({ path }) => !paths.has(pathText(path)))
}

function checkValues(settings: Settings): Fault[] {
  const { http, limits, admin, directory, users, providers } = settings
  return [
    ...checkHttp(http ?? {}, ['http']),
    ...(http?.tls === undefined ? [] : checkTls(http.tls, ['http', 'tls'])),
    ...checkAdmin(admin ?? {}, ['admin']),
    ...checkLimits(limits, ['limits'], { workers: http?.workers }),
    ...(directory === undefined ? [] : checkDirectory(directory, ['directory'], ':domain')),
    ...checkMxLookup(settings, ['mxLookup']),
    ...(users === undefined ? [] : checkUsers(users, ['users'], providers)),
    ...checkOpenNames(settings),
    ...checkUniqueness(settings),
    ...checkLoops(settings),
    ...checkPatterns(settings, ['providers']),
    ...providers.flatMap((provider, index) => checkProvider(provider, ['providers', index]))
  ]
}

function checkAdmin({ host, hosts, doctor }: NonNullable<Settings['admin']>, path: Path): Fault[] {
  const { resolver } = doctor ?? {}
  return [
    ...checkListenHost(host, [...path, 'host']),
    ...checkHostNames(hosts, [...path, 'hosts']),
    ...(resolver === undefined ? [] : checkResolver(resolver, [...path, 'doctor', 'resolver']))
  ]
}

/**
 * Spec: XML 1.0 2.2 cannot represent most of these characters. Non-characters are rejected as well, because compiled
 * documents use them as marks (formats/template.ts).
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this expression finds
const unwritable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufdd0-\ufdef\ufffe\uffff]|\p{Cs}/u

function checkTexts(value: unknown, path: Path): Fault[] {
  if (typeof value === 'string') {
    return unwritable.test(value) ? [expected(path, value, 'a text without control characters')] : []
  }
  if (Array.isArray(value)) return value.flatMap((item, index) => checkTexts(item, [...path, index]))
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, item]) => checkTexts(item, [...path, key]))
}

function checkHttp(
  { host, trustProxy = [], proxyProtocol = false, publicUrl }: NonNullable<Settings['http']>,
  path: Path
): Fault[] {
  const message =
    'found true without trustProxy, so every connection will be closed; expected the address of the proxy there'
  return [
    ...trustProxy.flatMap((network, index) => checkProxy(network, [...path, 'trustProxy', index])),
    ...(proxyProtocol && trustProxy.length === 0
      ? basedOn([[...path, 'trustProxy']], [warning([...path, 'proxyProtocol'], message)])
      : []),
    ...checkListenHost(host, [...path, 'host']),
    ...(publicUrl === undefined ? [] : checkUrl(publicUrl, [...path, 'publicUrl']))
  ]
}

/** Why: with /0, every client could forge the headers of the proxy. Fastify rejects it, too. */
function checkProxy(network: string, path: Path): Fault[] {
  const faults = checkNetwork(network, path)
  const isEverything = faults.length === 0 && /\/0+$/.test(network)
  return isEverything ? [expected(path, network, 'the addresses of your proxies only')] : faults
}

/** Why numbers instead of paths: the table may have a million domains. */
interface Claim {
  /** Of the provider. */
  readonly index: number
  /** In its list. */
  readonly at: number
}

function checkUniqueness({ providers }: Settings): Fault[] {
  return [
    ...repeated(
      providers.map(({ id }) => [id]),
      { keyOf: id => id, pathOf: ({ index }) => ['providers', index, 'id'], ownerOf: () => 'another provider' }
    ),
    ...(['domains', 'mx'] as const).flatMap(list =>
      repeated(
        providers.map(provider => provider[list] ?? []),
        {
          keyOf: name => toPattern(name) ?? name,
          pathOf: ({ index, at }) => ['providers', index, list, at],
          ownerOf: ({ index }) => `provider "${providers[index]?.id}"`
        }
      )
    )
  ]
}

interface ClaimNames {
  /** @returns the same for equal values */
  readonly keyOf: (value: string) => string
  readonly pathOf: (claim: Claim) => Path
  /** @returns the owner of a claim, in words */
  readonly ownerOf: (claim: Claim) => string
}

/** @returns one error for each value that an earlier provider has, or the same one */
function repeated(lists: readonly (readonly string[])[], { keyOf, pathOf, ownerOf }: ClaimNames): Fault[] {
  const claims = new Map<string, Claim>()
  const faults: Fault[] = []
  for (const [index, values] of lists.entries()) {
    for (const [at, value] of values.entries()) {
      const key = keyOf(value)
      const first = claims.get(key)
      if (first === undefined) {
        claims.set(key, { index, at })
        continue
      }
      const message = `found ${found(value)}, which ${ownerOf(first)} already has`
      faults.push({ ...error(pathOf({ index, at }), message), other: pathOf(first) })
    }
  }
  return faults
}
