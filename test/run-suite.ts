/**
 * Test files that run in one process. Why: a process with tap in it takes a second to start, and there are 150 files.
 * One file alone is run as ever: `tap test/formats/xml.test.ts`.
 */
import { readdirSync } from 'node:fs'

/** Folders below test/ by suite; `.` is test/ itself. */
export const suites = {
  house: ['.', 'schemas', 'bench'],
  settings: ['settings', 'sources', 'importers', 'static'],
  formats: ['formats', 'dns'],
  dialects: ['dialects', 'matrix'],
  clients: ['clients'],
  http: ['http', 'admin', 'web'],
  cli: ['cli', 'cluster'],
  network: ['network', 'probes', 'doctor', 'fuzz']
} as const

/** Loads every test file of a suite, one after the other. */
export async function runSuite(name: keyof typeof suites): Promise<void> {
  for (const folder of suites[name]) for (const file of testFiles(folder)) await import(new URL(file, root).href)
}

const root = new URL('./', import.meta.url)

/** @param folder below test/. @returns its test files, below test/, by name */
export function testFiles(folder: string): string[] {
  const names = readdirSync(new URL(`${folder}/`, root), { encoding: 'utf8' })
  return names
    .filter(name => name.endsWith('.test.ts'))
    .sort()
    .map(name => `${folder}/${name}`)
}
