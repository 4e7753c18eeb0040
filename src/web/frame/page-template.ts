/**
 * Page templates: a page is compiled once for each provider and language, and filled for each request.
 */
import { type Document, document } from '../../dialects/document.ts'
import { escapeHtml } from '../../formats/html.ts'
import { compile, type Values } from '../../formats/template.ts'
import type { Provider } from '../../settings/provider.ts'
import { type ChosenDevice, guessHeaders } from '../devices/choose-device.ts'
import type { Page } from './layout.ts'
import { pageHeaders } from './page-headers.ts'

export type PageTemplate<Name extends string> = (values: Values<Name>) => Document

export interface PageTemplateOptions {
  readonly status?: number
  /** Whether the page is the same for everyone, so that other websites can embed it. See `cacheable`. */
  readonly shared?: boolean
}

/** @param write writes the page with `marks.<name>` in the position of each value */
export function pageTemplate<Name extends string>(
  names: readonly Name[],
  write: (marks: Values<Name>) => Page,
  { status = 200, shared = false }: PageTemplateOptions = {}
): PageTemplate<Name> {
  let policy = ''
  const fill = compile(
    names,
    marks => {
      const page = write(marks)
      policy = page.policy
      return page.markup
    },
    escapeHtml,
    { asBytes: true }
  )
  const headers = {
    ...pageHeaders,
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policy,
    'cache-control': 'no-store',
    // Why: websites with cross-origin isolation can embed only resources that allow it.
    ...(shared && { 'cross-origin-resource-policy': 'cross-origin' }),
    vary: 'accept-language',
    // Spec: RFC 8942 3.1: the hint that the guess of the device depends on.
    'accept-ch': 'sec-ch-ua-platform',
    'x-robots-tag': 'noindex',
    'permissions-policy': 'camera=(), geolocation=(), microphone=()'
  }
  return values => document(status, headers, fill(values))
}

const personVary = ['accept-language', ...guessHeaders].join(', ')

/** Spec: RFC 9110 12.5.5: a page depends on the headers of a guess, but not if the URL names the device. */
export function varying(page: Document, { isChosen }: ChosenDevice): Document {
  return isChosen ? page : { ...page, headers: { ...page.headers, vary: personVary } }
}

/** Whether the URL names the language and the device. */
export interface Chosen {
  readonly language: boolean
  readonly device: boolean
}

/**
 * Adds the headers for caches to a page that is the same for everyone.
 *
 * Why private: some shared caches ignore Vary. They may keep only pages that do not depend on the headers of a visitor.
 */
export function cacheable<Body extends string | Buffer>(page: Document<Body>, chosen: Chosen): Document<Body> {
  const { vary: _, ...headers } = page.headers
  const names = [...(chosen.language ? [] : ['accept-language']), ...(chosen.device ? [] : guessHeaders)]
  if (names.length === 0) return { ...page, headers: { ...headers, 'cache-control': `public, ${maxAge}` } }
  return { ...page, headers: { ...headers, 'cache-control': `private, ${maxAge}`, vary: names.join(', ') } }
}

const maxAge = 'max-age=300'

/**
 * Converts a page that is sent many times.
 *
 * Why: Node copies a text of this length three times before it is sent, but does not copy a buffer.
 * @param page must have one character for each byte, like all page templates
 */
export function inBytes(page: Document): Document<Buffer> {
  return { ...page, body: Buffer.from(page.body, 'latin1') }
}

/** Owner of templates without a provider. */
const noProvider = {}

/** @param make is called unless the store has a template for this owner and key */
export type TemplateStore<Template> = (owner: Provider | undefined, key: string, make: () => Template) => Template

/** In one store, of all providers. Why so many: one provider has up to 120, for ten languages, six devices and links to them. */
const mostTemplates = 256

interface Stored<Template> {
  readonly template: Template
  readonly use: Use
}

/** Says which template was used, without keeping it. */
interface Use {
  readonly key: string
  /** The templates of its owner. Why weak: see `createTemplateStore`. */
  readonly siblings: WeakRef<Map<string, unknown>>
}

/**
 * Stores templates by provider and key until a reloaded table replaces the providers. Those that were used least recently are
 * discarded.
 */
export function createTemplateStore<Template>(): TemplateStore<Template> {
  // Why: weak references let the providers of an old table be garbage collected.
  const all = new WeakMap<object, Map<string, Stored<Template>>>()
  const uses = new Set<Use>()
  let latest: Use | undefined

  function add(owner: object, key: string, template: Template): Stored<Template> {
    const siblings = all.get(owner) ?? new Map<string, Stored<Template>>()
    const stored = { template, use: { key, siblings: new WeakRef(siblings) } }
    siblings.set(key, stored)
    all.set(owner, siblings)
    return stored
  }

  function note(use: Use): void {
    latest = use
    uses.delete(use)
    uses.add(use)
    if (uses.size <= mostTemplates) return
    const oldest = uses.values().next().value as Use
    uses.delete(oldest)
    oldest.siblings.deref()?.delete(oldest.key)
  }

  return (owner = undefined, key, make) => {
    const { template, use } = all.get(owner ?? noProvider)?.get(key) ?? add(owner ?? noProvider, key, make())
    // Why: most requests are for the same page as the one before.
    if (use !== latest) note(use)
    return template
  }
}
