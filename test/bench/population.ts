// The customers of the scale benchmark: made-up domains of ten providers, the same in every run.
export type Customer = {
  domain: string
  provider: string
  /** One of a hundred hosts; undefined for those of the provider, which nine of ten domains use. */
  host: string | undefined
}

const PROVIDERS = 10
const OWN_HOSTS = 100
const TRADES = ['atelier', 'bakery', 'clinic', 'dental', 'florist', 'garage', 'hotel', 'law', 'studio', 'yoga'] as const

/** Description for reports. */
export const POPULATION = `${PROVIDERS} providers; in databases every tenth domain has one of ${OWN_HOSTS} hosts of its own`

/** @param rank from 0, the most popular first */
export const customerAt = (rank: number): Customer => {
  const group = Math.floor(rank / PROVIDERS)
  const provider = rank % PROVIDERS
  const host = (provider + group) % PROVIDERS === 0 ? `mail${group % OWN_HOSTS}.customers.example` : undefined
  return { domain: domainAt(rank), provider: `p${provider}`, host }
}

/** The beginning of the settings: a table with the providers, whose lists contain so many of the domains. */
export const settingsOf = (domains: number): string =>
  `providers:\n${Array.from({ length: PROVIDERS }, (_, index) => providerAt(index, domains)).join('')}`

/** The host of its mail servers. */
export const hostOf = ({ provider, host }: Customer): string => host ?? `mail.${provider}.example`

// Why: names with similar popularity must not be neighbours in an index. An odd factor keeps all of them distinct.
const domainAt = (rank: number): string => {
  const scattered = Math.imul(rank + 1, 0x9e3779b1) >>> 0
  return `${TRADES[scattered % TRADES.length]}-${scattered.toString(36)}.example`
}

const providerAt = (index: number, domains: number): string => {
  const listed = Array.from({ length: Math.ceil((domains - index) / PROVIDERS) }, (_, group) =>
    domainAt(group * PROVIDERS + index)
  )
  return `  - id: p${index}
    name: Provider ${index}
    domains:
${[`p${index}.example`, ...listed].map(domain => `      - ${domain}\n`).join('')}    servers:
      - { protocol: imap, host: mail.p${index}.example }
      - { protocol: pop3, host: mail.p${index}.example }
      - { protocol: smtp, host: mail.p${index}.example }
`
}
