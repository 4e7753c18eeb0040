/**
 * Whether the certificate authority will find this service under a name. A random text is fetched through the name, as the
 * authority fetches the answer to a challenge. Why: failed challenges count against the limits of the authority.
 */
import { randomBytes } from 'node:crypto'
import type { Solver } from '../acme/order.ts'
import type { Exchanger } from '../network/http-exchange.ts'

export const challengePath = '/.well-known/acme-challenge/'

/** @returns why a name cannot be reached, by name. @throws StorageFault */
export async function findUnreachable(
  names: readonly string[],
  { solver, exchange }: { readonly solver: Solver; readonly exchange: Exchanger }
): Promise<ReadonlyMap<string, string>> {
  const token = randomBytes(24).toString('base64url')
  const keyAuthorization = randomBytes(24).toString('base64url')
  const end = await solver.present({ name: '', token, keyAuthorization })
  try {
    const problems = new Map<string, string>()
    await Promise.all(
      names.map(async name => {
        const problem = await fetchText(`http://${name}${challengePath}${token}`, keyAuthorization, exchange)
        if (problem !== undefined) problems.set(name, problem)
      })
    )
    return problems
  } finally {
    await end()
  }
}

async function fetchText(url: string, expected: string, exchange: Exchanger): Promise<string | undefined> {
  const { response, fault } = await exchange({ method: 'GET', url, headers: { 'user-agent': 'signpost' } })
  if (fault !== undefined) return `port 80: ${fault.message}`
  if (response.status === 200 && response.body === expected) return undefined
  return `port 80: another server answers (status ${response.status})`
}
