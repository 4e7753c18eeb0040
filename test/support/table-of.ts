/**
 * A table from valid settings.
 */
import { describe } from '../../src/settings/load/finding.ts'
import { load } from '../../src/settings/load/load.ts'
import type { Table } from '../../src/settings/table.ts'

/** @param settings YAML. @throws the problems, if any */
export function tableOf(settings: string): Table {
  const { table, findings } = load(settings, 'settings.yaml')
  if (table === undefined) throw new Error(findings.map(describe).join('\n'))
  return table
}
