/**
 * What ends a conversation with a server before it is through.
 */
import type { FaultName } from './faults.ts'

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
}
