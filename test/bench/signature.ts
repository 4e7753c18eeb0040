// The cost of signing a profile, compared with a bare ECDSA P-256 signature of the same bytes in the same process.
import { sign } from 'node:crypto'
import { signedData } from '../../src/formats/cms/cms.ts'
import { issue } from '../support/certificates.ts'
import { median } from './median.ts'

export type SignatureCost = {
  /** Microseconds for the CMS document, with a leaf and one intermediate certificate. */
  document: number
  /** Microseconds for the signature alone. */
  bare: number
  ratio: number
}

const ROUNDS = 9
const SIGNATURES_A_ROUND = 300

export const measureSignature = (profile: Buffer): SignatureCost => {
  const root = issue('Root', { ca: true })
  const intermediate = issue('Intermediate', { ca: true, issuer: root })
  const leaf = issue('signpost.example.net', { issuer: intermediate })
  const chain = [leaf.certificate, intermediate.certificate] as const
  const rounds = Array.from({ length: ROUNDS }, () => {
    const document = microseconds(() => signedData(profile, { chain, key: leaf.key }))
    const bare = microseconds(() => sign('sha256', profile, leaf.key))
    return { document, bare, ratio: document / bare }
  })
  const middle = (key: keyof SignatureCost) => median(rounds.map(round => round[key]))
  return { document: middle('document'), bare: middle('bare'), ratio: middle('ratio') }
}

// Why processor time: elapsed time also depends on other programs.
const microseconds = (work: () => unknown): number => {
  const before = process.cpuUsage()
  for (let at = 0; at < SIGNATURES_A_ROUND; at++) work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / SIGNATURES_A_ROUND
}
