/**
 * The answer where there is nothing: a real 404 in a short plain text. Why: mail programs take a 200, or a page of HTML or
 * XML, for settings and stop looking.
 */
import { document } from './document.ts'

export const notServed = document(
  404,
  {
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff'
  },
  'Nothing is served here.\n'
)
