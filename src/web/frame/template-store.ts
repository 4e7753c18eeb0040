/**
 * Templates that were made once for a provider and a key, and go when a reloaded table brings new providers.
 */
import type { Provider } from '../../settings/provider.ts'

/** Owns the templates of pages that are nobody's. */
const nobody = {}

export type TemplateStore<Template> = (owner: Provider | undefined, key: string, make: () => Template) => Template

export function createTemplateStore<Template>(): TemplateStore<Template> {
  // Why weak: the store must not keep the providers of a table that is gone.
  const all = new WeakMap<object, Map<string, Template>>()
  return (owner = undefined, key, make) => {
    const known = all.get(owner ?? nobody) ?? new Map<string, Template>()
    const template = known.get(key) ?? make()
    if (known.size === 0) all.set(owner ?? nobody, known)
    known.set(key, template)
    return template
  }
}
