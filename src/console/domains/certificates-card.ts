/**
 * Which certificates of this service cover the host names of a domain.
 */
import { type Html, html } from '../../formats/html.ts'
import type { Certificate } from '../../keys/certificates.ts'
import { card, daysLeft, mark, paragraphs, table, timeOf } from '../frame/components.ts'

export interface CoveredName {
  readonly name: string
  /** Undefined if no certificate covers it. */
  readonly notAfter: number | undefined
}

/** The hosts that mail programs ask on https. */
const labels = ['autoconfig.', 'autodiscover.', 'ua-auto-config.']

/** @returns the hosts of the domain; undefined if there are no certificates at all */
export function coveredNames(domain: string, certificates: readonly Certificate[]): CoveredName[] | undefined {
  if (certificates.length === 0) return undefined
  return labels.map(label => {
    const name = `${label}${domain}`
    const wildcard = `*.${domain}`
    const covering = certificates.find(({ names }) => names.includes(name) || names.includes(wildcard))
    return { name, notAfter: covering?.notAfter }
  })
}

export function certificatesCard(names: readonly CoveredName[] | undefined, now: number): Html {
  const outside = 'A proxy serves https, so its certificates are not known here. A check from outside shows them.'
  return card(
    { id: 'certificates', title: 'Certificates of its names' },
    names === undefined
      ? paragraphs(outside)
      : table(
          [{ title: 'Host', width: 'wide' }, 'Left', 'Expires'],
          names.map(({ name, notAfter }) => [
            html`<code>${name}</code>`,
            notAfter === undefined ? mark('bad', 'not covered') : daysLeft(notAfter, now),
            notAfter === undefined ? 'Add the name to a certificate of http.tls.' : timeOf(notAfter)
          ])
        )
  )
}
