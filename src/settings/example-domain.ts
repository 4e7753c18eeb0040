/**
 * A domain to show and try a provider with.
 */
import type { Provider } from './provider.ts'

/** @returns a domain of the provider; one that it may have where it has only patterns */
export function exampleDomain({ domains }: Provider): string {
  const named = domains.find(domain => !domain.startsWith('*'))
  const [pattern = '*'] = domains
  return named ?? (pattern === '*' ? 'example.com' : pattern.replace('*', 'example'))
}
