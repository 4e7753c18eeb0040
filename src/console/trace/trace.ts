/**
 * The search of one mail program for one address, step by step.
 */
import type { Client, Discovery, Step } from '../../clients/model/client.ts'
import { createTableWorld } from '../../conformance/table-world.ts'
import type { DnsRecord } from '../../dns/record.ts'
import type { Address } from '../../settings/question/address.ts'
import type { Table } from '../../settings/table.ts'
import { createRecordingWorld, type RecordedExchange } from './recording-world.ts'

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
