/**
 * One case of the conformance matrix: settings (YAML), an address, and the programs that do not find the settings in the table,
 * with the reason. The parts are separated by lines of hyphens.
 */
import type { ClientResult } from '../../../src/conformance/matrix.ts'

export interface MatrixFile {
  readonly settings: string
  readonly address: string
  /** One line for each program. Empty if all find the settings in the table. */
  readonly exceptions: string
}

const separator = '----------\n'

export function readMatrixFile(text: string): MatrixFile {
  const [settings = '', address = '', exceptions = ''] = text.split(separator)
  return { settings, address: address.trim(), exceptions }
}

export function writeMatrixFile({ settings, address, exceptions }: MatrixFile): string {
  return [settings, `${address}\n`, exceptions].join(separator)
}

export function exceptionsOf(rows: readonly ClientResult[]): string {
  const others = rows.filter(({ verdict }) => verdict !== 'same')
  return others.map(({ client, detail }) => `${client.name} ${detail}\n`).join('')
}
