/**
 * Headers of every page for browsers. The Content-Security-Policy is separate, because it differs between pages.
 *
 * Why no Strict-Transport-Security: it would apply to everything on the host, and autoconfig must be served over plain
 * http. Why no X-Frame-Options: frame-ancestors of the policy replaces it.
 */
export const pageHeaders = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'origin-agent-cluster': '?1',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-dns-prefetch-control': 'off'
} as const
