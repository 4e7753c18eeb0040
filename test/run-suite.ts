/**
 * Runs the test files of a suite in one process. Why: starting a process with tap takes a second, and there are more than
 * 150 test files. A single file still runs alone: `tap test/formats/xml.test.ts`.
 */
import { readdirSync } from 'node:fs'
import fc from 'fast-check'

/** Folders below test/ by suite, each with its subfolders. `.` is test/ itself, without them. */
export const suites = {
  house: ['.', 'schemas', 'bench', 'docs'],
  directories: ['directories', 'sources', 'keys', 'lookups'],
  settings: ['settings', 'importers', 'export'],
  formats: ['formats', 'dns', 'records'],
  dialects: ['dialects', 'conformance'],
  clients: ['clients'],
  http: ['http', 'admin'],
  web: ['web'],
  cli: ['cli'],
  serve: ['serve'],
  network: ['network', 'probes', 'doctor', 'fuzz']
} as const

/** Why always the same inputs: a red run means that a change broke something. `npm run properties` looks for new ones. */
const seed = 1

/** Imports every test file of a suite, one after the other. */
export async function runSuite(name: keyof typeof suites): Promise<void> {
  fc.configureGlobal({ seed })
  for (const folder of suites[name]) for (const file of testFiles(folder)) await import(new URL(file, root).href)
}

const root = new URL('./', import.meta.url)

/**
 * @param folder below test/; `.` is test/ itself. @param depth default: with subfolders, except for test/ itself
 * @returns the paths of its test files relative to test/, sorted
 */
export function testFiles(folder: string, depth = folder === '.' ? 'flat' : 'recursive'): string[] {
  const names = readdirSync(new URL(`${folder}/`, root), { encoding: 'utf8', recursive: depth === 'recursive' })
  return names
    .filter(name => name.endsWith('.test.ts'))
    .sort()
    .map(name => `${folder}/${name}`)
}
