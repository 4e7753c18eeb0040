/**
 * Which writer answers in a dialect for a provider.
 */
import type { Provider } from '../settings/provider.ts'
import type { Dialect, DialectName, Writer } from './dialect.ts'

// Why weak: a reloaded table brings new providers, and what was compiled for the old ones goes with them.
const writers = new WeakMap<Provider, Map<DialectName, Writer | undefined>>()

/** @returns the compiled writer of a provider, or undefined where it does not speak the dialect; compiled at first use */
export function writerOf(dialect: Dialect, provider: Provider): Writer | undefined {
  const known = writers.get(provider) ?? new Map<DialectName, Writer | undefined>()
  if (known.size === 0) writers.set(provider, known)
  if (!known.has(dialect.name)) {
    known.set(dialect.name, provider.dialects[dialect.name] ? dialect.compile(provider) : undefined)
  }
  return known.get(dialect.name)
}
