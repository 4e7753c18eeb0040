/**
 * The search of one mail program for one address, step by step.
 */
import type { Client, Discovery, Step } from '../../clients/model/client.ts'
import type { HttpRequest, HttpResponse, World } from '../../clients/model/world.ts'
import { createTableWorld } from '../../conformance/table-world.ts'
import type { DnsRecord } from '../../dns/record.ts'
import type { Address } from '../../settings/question/address.ts'
import type { Table } from '../../settings/table.ts'

export interface RecordedExchange {
  readonly request: HttpRequest
  readonly response: HttpResponse
}

export interface TracedStep extends Step {
  /** Undefined for DNS lookups, and for requests without a response. */
  readonly exchange: RecordedExchange | undefined
}

export interface Trace extends Pick<Discovery, 'account' | 'reason'> {
  readonly steps: readonly TracedStep[]
}

export interface TraceOptions {
  readonly table: Table
  readonly records: readonly DnsRecord[]
}

export async function traceProgram(client: Client, address: Address, { table, records }: TraceOptions): Promise<Trace> {
  const world = createRecordingWorld(createTableWorld(table, { records }))
  const { account, reason, trace } = await client.discover(address.text, world)
  const left = [...world.exchanges]
  const steps = trace.map(step => {
    const index = left.findIndex(({ request }) => `${request.method} ${request.url}` === step.asked)
    const [exchange] = index === -1 ? [] : left.splice(index, 1)
    return { ...step, exchange }
  })
  return { account, reason, steps }
}

interface RecordingWorld extends World {
  /** In the order of their answers. */
  readonly exchanges: readonly RecordedExchange[]
}

/** @returns a world that remembers every exchange, so that a trace can show its bytes */
function createRecordingWorld(world: World): RecordingWorld {
  const exchanges: RecordedExchange[] = []
  return {
    ...world,
    exchanges,
    async exchange(request) {
      const response = await world.exchange(request)
      exchanges.push({ request, response })
      return response
    }
  }
}
