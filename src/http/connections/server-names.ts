/**
 * Which certificate answers to a name: RFC 9525 6.3, RFC 6066 3.
 */
import { toDomain } from '../../settings/question/domain.ts'

/**
 * @param certificates with names as A-labels; `*.example.com` stands for all names one label below
 * @returns the first that has the name itself, else the first whose wildcard it is below
 */
export function createServerNames<Named extends { readonly names: readonly string[] }>(
  certificates: readonly Named[]
): (name: string) => Named | undefined {
  const owners = new Map<string, Named>()
  for (const certificate of certificates) {
    for (const name of certificate.names) if (!owners.has(name)) owners.set(name, certificate)
  }
  return asked => {
    const name = toDomain(asked)
    if (name === undefined) return undefined
    return owners.get(name) ?? owners.get(`*${name.slice(name.indexOf('.'))}`)
  }
}
