/**
 * One golden import: a foreign document, the resulting table, and the parts that are reported as dropped, separated by lines of
 * hyphens.
 */
export interface ImportFile {
  readonly source: string
  readonly table: string
  /** One line for each dropped part. */
  readonly dropped: string
}

const separator = '----------\n'

export function readImportFile(text: string): ImportFile {
  const [source = '', table = '', dropped = ''] = text.split(separator)
  return { source, table, dropped }
}

export function writeImportFile({ source, table, dropped }: ImportFile): string {
  return [source, table, dropped].join(separator)
}
