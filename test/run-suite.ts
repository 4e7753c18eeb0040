/**
 * Runs the test files of a suite in one process. Why: starting a process with tap takes a second, and there are more than
 * 150 test files. A single file still runs alone: `tap test/formats/xml.test.ts`.
 */
import { readdirSync } from 'node:fs'
import { posix } from 'node:path'
import fc from 'fast-check'

/**
 * Folders below test/ by suite, each with its subfolders except for those that are named themselves. Suites start in this order.
 * Why those first that wait most, for intervals and processes: at the end, nothing else would use the processor meanwhile.
 */
export const suites = {
  directories: ['directories', 'sources', 'keys', 'acme', 'certificates', 'lookups'],
  serve: ['serve'],
  connections: ['http/connections', 'http/limits'],
  http: ['http', 'admin'],
  cli: ['cli'],
  network: ['network', 'probes', 'doctor', 'fuzz'],
  house: ['.', 'schemas', 'bench', 'docs'],
  settings: ['settings', 'importers', 'export'],
  clients: ['clients'],
  dialects: ['dialects', 'conformance'],
  console: ['console'],
  web: ['web'],
  formats: ['formats', 'dns', 'records']
} as const

/** Why always the same inputs: a red run means that a change broke something. `npm run properties` looks for new ones. */
const seed = 1

/** Imports every test file of a suite, one after the other. */
export async function runSuite(name: keyof typeof suites): Promise<void> {
  fc.configureGlobal({ seed })
  for (const file of suites[name].flatMap(testFiles)) await import(new URL(file, root).href)
}

const root = new URL('./', import.meta.url)

/** @returns the paths of the test files that belong to a folder of a suite, relative to test/, sorted */
export function testFiles(folder: string): string[] {
  const names = readdirSync(new URL(`${folder}/`, root), { encoding: 'utf8', recursive: true })
  return names
    .filter(name => name.endsWith('.test.ts'))
    .map(name => posix.join(folder, name))
    .filter(path => !deeperFolders(folder).some(deeper => path.startsWith(`${deeper}/`)))
    .sort()
}

function deeperFolders(folder: string): string[] {
  const named = Object.values(suites).flat()
  return named.filter(other => other !== folder && (folder === '.' || other.startsWith(`${folder}/`)))
}
