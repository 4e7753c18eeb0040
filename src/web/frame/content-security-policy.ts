/**
 * Content Security Policy Level 3: no external content, and only the page's own style and script, identified by hashes.
 */
import { hash } from 'node:crypto'
import type { Html } from '../../formats/html.ts'

export interface PolicyOptions {
  /** Whether other websites can embed the page. */
  readonly embeddable: boolean
}

export function contentSecurityPolicy(style: Html, script: Html, { embeddable }: PolicyOptions): string {
  return [
    "default-src 'none'",
    `style-src ${source(style)}`,
    `script-src ${source(script)}`,
    'img-src data:',
    "form-action 'self'",
    "base-uri 'none'",
    `frame-ancestors ${embeddable ? '*' : "'none'"}`
  ].join('; ')
}

function source({ html }: Html): string {
  return `'sha256-${hash('sha256', html, 'base64')}'`
}
