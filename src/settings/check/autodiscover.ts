/**
 * Checks of `autodiscover.redirect`: a URL that Outlook accepts, and that does not lead back to this service.
 */
import { expected, type Fault, found, type Path, warning } from '../load/finding.ts'
import { isAutodiscoverUrl } from '../provider.ts'
import type { ProviderSettings } from '../schema.ts'
import { isUrlWithDomain } from './server.ts'

export function checkAutodiscover({ autodiscover, dialects, domains }: ProviderSettings, path: Path): Fault[] {
  if (autodiscover === undefined) return []
  const { redirect } = autodiscover
  const at = [...path, 'autodiscover', 'redirect']
  if (!isUrlWithDomain(redirect)) {
    return [expected(at, redirect, 'an https:// URL with no placeholder except %EMAILDOMAIN%')]
  }
  // Spec: MS-OXDISCO 3.1.5: programs look for Autodiscover at this path only. Observed: EWS libraries refuse redirects elsewhere.
  if (!isAutodiscoverUrl(redirect)) {
    return [expected(at, redirect, 'a URL that ends in /autodiscover/autodiscover.xml')]
  }
  if (dialects?.outlook === false && dialects['outlook-json'] === false) {
    return [warning(at, `found ${found(redirect)}, which has no effect: the dialects outlook and outlook-json are off`)]
  }
  return domains.some(domain => leadsBack(redirect, domain))
    ? [warning(at, `found ${found(redirect)}, a loop unless the DNS leads this host to Exchange instead of here`)]
    : []
}

/** @returns whether mail programs expect this service at the host of the URL */
function leadsBack(redirect: string, domain: string): boolean {
  const { hostname } = new URL(redirect.replaceAll('%EMAILDOMAIN%', domain.replace('*', 'example')))
  return hostname === domain || hostname === `autodiscover.${domain.replace('*', 'example')}`
}
