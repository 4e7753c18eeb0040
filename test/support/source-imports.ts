/**
 * The imports of every file of src.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface SourceImport {
  /** Path below src. */
  readonly from: string
  /** As in the statement. */
  readonly specifier: string
  /** Path below src; undefined for packages and parts of node. */
  readonly file: string | undefined
  /** Whether it is `import type`, which is removed before the program runs. */
  readonly typeOnly: boolean
}

/** A static import, a re-export, an import for its effects, or `import()`. */
export const importStatement =
  /^(?:import|export)\s+(?<type>type\s)?[^'"`;]*?from\s+'(?<from>[^']+)'|^import\s+'(?<effects>[^']+)'|\bimport\(\s*'(?<later>[^']+)'/gm

const src = fileURLToPath(new URL('../../src/', import.meta.url))

export const sourceFiles: readonly string[] = readdirSync(src, { encoding: 'utf8', recursive: true })
  .filter(name => name.endsWith('.ts'))
  .sort()

export const sourceImports: readonly SourceImport[] = sourceFiles.flatMap(from => {
  const text = readFileSync(join(src, from), 'utf8')
  return [...text.matchAll(importStatement)].map(({ groups }) => toImport(from, groups))
})

function toImport(
  from: string,
  { type, from: named, effects, later }: Record<string, string | undefined> = {}
): SourceImport {
  const specifier = named ?? effects ?? later ?? ''
  const file = specifier.startsWith('.') ? join(from, '..', specifier) : undefined
  return { from, specifier, file, typeOnly: type !== undefined }
}
