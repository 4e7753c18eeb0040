/**
 * What ends a conversation with a server before it is through.
 */
import type { FaultName } from '../faults.ts'

export class Trouble extends Error {
  override readonly name = 'Trouble'
  readonly fault: FaultName
  /** Values for the message of the fault. */
  readonly details: Readonly<Record<string, string | number>>

  constructor(fault: FaultName, details: Readonly<Record<string, string | number>> = {}) {
    super(fault)
    this.fault = fault
    this.details = details
  }

  /** @returns the same with other texts in its details */
  with(change: (text: string) => string): Trouble {
    const details = Object.entries(this.details).map(([name, value]) => [name, change(String(value))])
    return new Trouble(this.fault, Object.fromEntries(details))
  }
}
