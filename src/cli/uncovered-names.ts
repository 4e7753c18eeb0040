/**
 * Names that mail programs ask by https, and that no certificate of the table has.
 */
import { createServerNames } from '../http/connections/server-names.ts'
import type { Certificate } from '../keys/certificate.ts'
import { type Fault, warning } from '../settings/load/finding.ts'
import type { Provider } from '../settings/provider.ts'
import type { Table } from '../settings/table.ts'

/** How many names a warning tells: some providers have thousands of domains. */
const mostTold = 6

/** @returns one warning for each provider with such names; none where there is no https */
export function uncovered(
  { settings, providers }: Table,
  certificates: readonly Pick<Certificate, 'names'>[]
): Fault[] {
  if (settings.http?.tls === undefined) return []
  const find = createServerNames(certificates)
  return providers.flatMap(provider => {
    const missing = namesOf(provider).filter(name => find(name) === undefined)
    if (missing.length === 0) return []
    const told = [
      ...missing.slice(0, mostTold),
      ...(missing.length > mostTold ? [`${missing.length - mostTold} more`] : [])
    ]
    const message = `found none for ${told.join(', ')}, which mail programs ask for ${provider.id}`
    return [warning(['http', 'tls', 'certificates'], message)]
  })
}

function namesOf({ domains, dialects }: Provider): string[] {
  const labels = [...(dialects.thunderbird ? ['autoconfig'] : []), ...(dialects.outlook ? ['autodiscover'] : [])]
  return domains.filter(domain => !domain.startsWith('*')).flatMap(domain => labels.map(label => `${label}.${domain}`))
}
