/**
 * Why a provider is not served in a dialect, where an administrator may wonder.
 */

import { writerOf } from '../dialects/dialect.ts'
import { dialects } from '../dialects/index.ts'
import { type Fault, warning } from '../settings/load/finding.ts'
import type { Table } from '../settings/table.ts'

/** @returns one warning for each dialect that a provider has not switched off, and that cannot express it */
export function obstacles({ providers }: Table): Fault[] {
  return providers.flatMap((provider, index) =>
    dialects.flatMap(dialect => {
      if (!provider.dialects[dialect.name] || writerOf(dialect, provider) !== undefined) return []
      const reason = dialect.unsupportedReason?.(provider)
      return reason === undefined ? [] : [warning(['providers', index], `${dialect.title} is not served: ${reason}`)]
    })
  )
}
