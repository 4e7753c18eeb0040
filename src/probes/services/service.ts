/**
 * What a service is asked, and how it is told from something else.
 */
import type { HttpResponse } from '../../clients/model/world.ts'
import type { FaultDetails, FaultName } from '../faults.ts'
import type { ServiceRequest } from '../probe.ts'

export interface Inquiry {
  /** `CalDAV` */
  readonly title: string
  readonly request: Omit<ServiceRequest, 'url'>
  /** What a service answers to a stranger, besides 401. */
  readonly status: number
  /** Reads an answer with this status. */
  readonly read: (response: HttpResponse) => Reading
}

export type Reading =
  | { readonly capabilities: readonly string[] }
  | { readonly fault: FaultName; readonly details: FaultDetails }
