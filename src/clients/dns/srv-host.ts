/**
 * The host of an SRV record, as programs use it.
 */
import type { SrvRecord } from '../model/world.ts'

/** @returns without a trailing dot; empty where the service is not offered. Spec: RFC 2782, Target. */
export function srvHost({ target }: SrvRecord): string {
  return target.replace(/\.$/, '')
}
