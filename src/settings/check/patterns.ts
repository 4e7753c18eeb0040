/**
 * Patterns such as `*.example.com` in lists of domains: the domain that they leave out, and mail exchangers that they match.
 */
import { basedOn, everyItem, type Fault, found, type Path, warning } from '../load/finding.ts'
import { toPattern } from '../provider.ts'
import type { Settings } from '../schema.ts'

type Listed = Pick<Settings, 'directory'> & {
  readonly providers: readonly Pick<Settings['providers'][number], 'domains' | 'mx'>[]
}

/** @param path of the list of providers */
export function checkPatterns({ providers, directory }: Listed, path: Path): Fault[] {
  const known = new Set(providers.flatMap(({ domains }) => domains.map(domain => toPattern(domain) ?? domain)))
  // Why: a default provider serves every domain, and a directory may contain it.
  const isComplete = directory !== undefined || known.has('*')
  const isServed = (domain: string) => isComplete || known.has(domain) || patternOf(domain, known) !== undefined
  return providers.flatMap(({ domains, mx = [] }, index) => [
    ...domains.flatMap((domain, at) => {
      const base = baseOf(domain)
      if (base === undefined || isServed(base)) return []
      const message = `found ${found(domain)}, which does not include ${base}: expected ${base} in the list, too`
      return basedOn(
        [[...path, everyItem, 'domains'], ['directory']],
        [warning([...path, index, 'domains', at], message)]
      )
    }),
    ...mx.flatMap((name, at) => {
      const pattern = patternOf(toPattern(name) ?? name, known)
      if (pattern === undefined) return []
      const why = `which ${pattern} in domains matches: programs that look for a mail exchanger may get it as a mail domain`
      return [warning([...path, index, 'mx', at], `found ${found(name)}, ${why}`)]
    })
  ])
}

/** @returns `example.com` for `*.example.com`; undefined for a name, for `*`, and for a whole top-level domain */
function baseOf(domain: string): string | undefined {
  const pattern = toPattern(domain)
  return pattern?.startsWith('*.') && pattern.includes('.', 2) ? pattern.slice(2) : undefined
}

/** @returns the longest pattern that matches the name, or all names that the name stands for as a pattern */
function patternOf(name: string, known: ReadonlySet<string>): string | undefined {
  for (let dot = name.indexOf('.'); dot > 0; dot = name.indexOf('.', dot + 1)) {
    const pattern = `*${name.slice(dot)}`
    if (known.has(pattern)) return pattern
  }
  return undefined
}
