/**
 * `signpost dns --roll-over`: the digests of an old PACC document stay in the DNS until the new document is served everywhere.
 * Spec: draft-ietf-mailmaint-pacc-03: clients accept a document if one of the TXT records has its digest.
 */
import { hasDigest } from '../../clients/himalaya/pacc.ts'
import type { DnsRecord } from '../../dns/record.ts'
import type { NetworkOptions } from '../../network/network-access.ts'
import { withNetwork } from '../../network/network-access.ts'
import type { Resolver } from '../../network/resolver.ts'

const budget = 2

/** @returns TXT records with other digests that the DNS has now; none if every address already serves the new document */
export async function oldDigests(
  records: readonly DnsRecord[],
  { domain, network, resolver }: { domain: string; network: NetworkOptions; resolver: Resolver }
): Promise<DnsRecord[]> {
  const name = `_ua-auto-config.${domain}`
  const wanted = records.flatMap(record => (record.type === 'TXT' && record.name === name ? [record.text] : []))
  const { records: live } = await resolver.look('TXT', name)
  const old = live.filter(text => /^v=UAAC1\b/i.test(text) && !wanted.includes(text))
  if (old.length === 0 || wanted.length === 0) return []
  const host = `ua-auto-config.${domain}`
  const addresses = (await Promise.all([resolver.look('A', host), resolver.look('AAAA', host)])).flatMap(
    answer => answer.records
  )
  const isNew = await Promise.all(addresses.map(address => servesNew(wanted, { host, address, network })))
  return addresses.length > 0 && isNew.every(Boolean) ? [] : old.map(text => ({ name, type: 'TXT', text }))
}

/** @returns whether the host serves a document with one of the digests at this address */
async function servesNew(
  wanted: readonly string[],
  { host, address, network }: { host: string; address: string; network: NetworkOptions }
): Promise<boolean> {
  const url = `https://${host}/.well-known/user-agent-configuration.json`
  // Why the user's own come last: --connect decides where to connect to.
  const overrides = new Map([[host, { address, port: undefined }], ...network.overrides])
  return await withNetwork(
    { ...network, overrides },
    async ({ world }) => {
      const { response } = await world.observe({ method: 'GET', url, headers: {} })
      return response?.status === 200 && hasDigest(wanted, response.body)
    },
    { budget }
  )
}
