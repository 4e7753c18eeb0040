/**
 * A page that is written once: compiled, then filled, and a document each time.
 */
import { type Document, document } from '../../dialects/document.ts'
import { escapeHtml } from '../../formats/html.ts'
import { compile, type Values } from '../../formats/template.ts'
import type { Page } from './layout.ts'

export type PageTemplate<Name extends string> = (values: Values<Name>) => Document

export interface PageTemplateOptions {
  readonly status?: number
  /** The page is the same for everybody: caches may keep it, and other websites embed it. */
  readonly shared?: boolean
}

/** @param write writes the page, putting `marks.<name>` where a value goes */
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
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policy,
    'cache-control': shared ? 'public, max-age=300' : 'no-store',
    // Why: a website that isolates itself may embed only what says that it may be.
    ...(shared && { 'cross-origin-resource-policy': 'cross-origin' }),
    vary: 'accept-language',
    'x-robots-tag': 'noindex',
    'permissions-policy': 'camera=(), geolocation=(), microphone=()'
  }
  return values => document(status, headers, fill(values))
}
