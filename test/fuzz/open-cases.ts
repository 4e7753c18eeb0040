/**
 * Every case. A new one adds its line here.
 */
import { dialectCases } from './dialect-cases.ts'
import type { FuzzCase } from './fuzz-case.ts'
import { headerCase } from './header-case.ts'
import { pageCase } from './page-case.ts'
import { openWireCase } from './wire-case.ts'

/** Why opened: one of them listens, and must be closed again. */
export async function openCases(): Promise<FuzzCase[]> {
  return [...dialectCases, headerCase, pageCase, await openWireCase()]
}
