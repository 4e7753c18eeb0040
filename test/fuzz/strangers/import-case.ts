/**
 * Documents for `signpost import`: for any document, the output is harmless, and the table passes the check.
 */

import { importPacc } from '../../../src/importers/formats/pacc.ts'
import { importDocument } from '../../../src/importers/import-document.ts'
import type { Imported } from '../../../src/importers/imported.ts'
import { describeDropped } from '../../../src/importers/imported.ts'
import { toSettings } from '../../../src/importers/to-settings.ts'
import { writeTable } from '../../../src/importers/write-table.ts'
import { load } from '../../../src/settings/load/load.ts'
import type { FuzzCase } from '../fuzz-case.ts'
import { anyDocument } from './any-document.ts'
import { hiddenIn, inTime } from './in-time.ts'

export const importCase: FuzzCase = {
  name: 'import',
  title: 'documents for import',
  make: random => ({ document: anyDocument(random), bytes: random.pick(['', '', '', '0\u0080', '\u00ff\u00fe']) }),
  judge: ({ document = '', bytes = '' }) =>
    inTime(1000, () => {
      const found = importDocument(Buffer.concat([Buffer.from(bytes, 'latin1'), Buffer.from(document)]), 'x')
      const pacc = importPacc(document, { source: 'x', domain: 'example.com' })
      const imported = [...('found' in found ? [] : [found]), ...(pacc === undefined ? [] : [pacc])]
      return imported.map(faultOf).find(fault => fault !== undefined)
    })
}

function faultOf(imported: Imported): string | undefined {
  const { settings, notes, dropped } = toSettings(imported)
  const hidden = hiddenIn(dropped.map(describeDropped).join('\n'))
  if (hidden !== undefined || settings === undefined) return hidden
  const table = writeTable(settings, notes)
  const errors = load(table, 'x').findings.filter(({ severity }) => severity === 'error')
  return hiddenIn(table) ?? (errors.length > 0 ? `the table is refused: ${JSON.stringify(errors[0])}` : undefined)
}
