/**
 * The files that a test run loads: test files and everything that they import, directly or indirectly.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { importStatement } from './source-imports.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

/**
 * @param start paths of files, relative to the repository
 * @param read returns the text of such a file. Default: from the file system
 * @returns their paths and those of the TypeScript files that they import at run time
 */
export function loadedFiles(start: readonly string[], read = readFile): ReadonlySet<string> {
  const loaded = new Set<string>()
  const waiting = [...start]
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (loaded.has(path)) continue
    loaded.add(path)
    waiting.push(...importedBy(path, read(path)).filter(imported => imported.endsWith('.ts')))
  }
  return loaded
}

/** @returns the paths of files that a file imports, without imports of types, packages and parts of node */
function importedBy(path: string, text: string): string[] {
  return [...text.matchAll(importStatement)]
    .filter(({ groups }) => groups?.type === undefined)
    .map(({ groups }) => groups?.from ?? groups?.effects ?? groups?.later ?? '')
    .filter(specifier => specifier.startsWith('.'))
    .map(specifier => join(path, '..', specifier))
}

function readFile(path: string): string {
  return readFileSync(join(root, path), 'utf8')
}
