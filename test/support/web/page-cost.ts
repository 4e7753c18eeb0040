/**
 * Measures the processor time of setup pages. Prints a JSON list of `PageCost`. Arguments: a JSON list of `PageCase`, and
 * the milliseconds that a page may take.
 */

import { toAddress } from '../../../src/settings/question/address.ts'
import { resolve } from '../../../src/settings/question/resolution-order.ts'
import { pages } from '../../../src/web/pages/pages.ts'
import { languages } from '../../../src/web/words/languages/index.ts'
import { tableOf } from '../table-of.ts'

export interface PageCase {
  readonly settings: string
  readonly local: string
  readonly domain: string
}

export interface PageCost {
  /** The address and the language. */
  readonly page: string
  /** Milliseconds of processor time: the first average below the limit, or the minimum. Why: other programs only increase them. */
  readonly ms: number
}

const [, , cases = '[]', limitMs = '0'] = process.argv
const costs: PageCost[] = []
for (const { settings, local, domain } of JSON.parse(cases) as PageCase[]) {
  const table = tableOf(settings)
  for (const messages of languages) {
    const write = (name: string) => {
      const address = toAddress(`${local}${name}@${domain}`)
      const found = resolve(table, { domain: address?.domain, host: undefined })
      if (address === undefined || found === undefined) throw new Error(`${domain} is not served`)
      // Why this device: its page has both codes.
      const device = { device: 'windows', isChosen: false } as const
      return pages.personPage({ ...found, address, messages, device, origin: undefined, signature: 0 })
    }
    // Why so many: the frame of a provider's pages is compiled once for each language, and V8 compiles code that has run for a while.
    let ms = Number.POSITIVE_INFINITY
    for (let turn = 0; turn < 17 && ms >= Number(limitMs); turn++) {
      const names = ['a', 'b', 'c'].map(name => `${name}${turn}`)
      ms = Math.min(ms, processorMs(write, names))
    }
    costs.push({ page: `${local}@${domain}, ${messages.name}`, ms })
  }
}
process.stdout.write(JSON.stringify(costs))

/** @returns milliseconds of processor time for each of the values */
function processorMs(work: (value: string) => unknown, values: readonly string[]): number {
  const before = process.cpuUsage()
  for (const value of values) work(value)
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000 / values.length
}
