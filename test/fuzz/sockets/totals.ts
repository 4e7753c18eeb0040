/**
 * Statistics of a case with the real server, and whether the server uses more resources than before.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Finished } from '../fuzz-case.ts'
import type { Heard } from './conversation.ts'
import type { SharedServer, Size } from './server.ts'

export interface Totals {
  /** @returns a different loopback address for each call, because ports of closed connections are not free immediately */
  nextAddress(): string
  add(heard: Heard): void
  finish(): Promise<Finished>
}

/** Number of connections after which caches count as full. Then the server is measured for the first time. */
const warm = 20_000

/** Allowed growth after that: MiB of JavaScript memory, and descriptors. */
const mostGrowth = { heap: 24, descriptors: 20 }

export function createTotals({ open }: Pick<SharedServer, 'open'>): Totals {
  const counts = { connections: 0, handshakes: 0, answers: 0, bytes: 0 }
  let before: Promise<Size> | undefined
  return {
    nextAddress() {
      const turn = counts.connections++
      if (turn === warm) before = open().then(({ measure }) => measure())
      return `127.${1 + (turn % 250)}.${(turn >> 8) % 250}.${1 + ((turn >> 16) % 250)}`
    },
    add({ received, isSecure }) {
      if (isSecure) counts.handshakes += 1
      counts.answers += received.match(/HTTP\/1\.1 \d/g)?.length ?? 0
      counts.bytes += received.length
    },
    async finish() {
      const { connections, handshakes, answers, bytes } = counts
      const figures = `${connections} connections, ${handshakes} TLS handshakes completed, ${answers} answers, ${bytes} bytes received`
      if (before === undefined) return { figures }
      // Why: lingering connections of the server are closed by then.
      await sleep(5000)
      const [first, last] = await Promise.all([before, open().then(({ measure }) => measure())])
      const sizes = (['heap', 'resident', 'descriptors'] as const).map(
        name => `${name} ${first[name].toFixed(0)} → ${last[name].toFixed(0)}`
      )
      const hasGrown =
        last.heap - first.heap > mostGrowth.heap || last.descriptors - first.descriptors > mostGrowth.descriptors
      return {
        figures: `${figures}; server, MiB and numbers: ${sizes.join(', ')}`,
        ...(hasGrown && { problem: 'the server has grown' })
      }
    }
  }
}
