/**
 * One line about what was not imported.
 */
import { printable } from '../settings/load/finding.ts'
import type { Dropped } from './imported.ts'

/** @returns `config.xml:12:5 emailProvider/enable: not imported: …` */
export function describeDropped({ origin: { source, line, column }, what, why }: Dropped): string {
  const place = line === undefined ? source : `${source}:${line}:${column}`
  return printable(`${place} ${what}: not imported: ${why}`)
}
