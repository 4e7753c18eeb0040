/**
 * Runs every test file with properties on many more inputs than `npm test` does, and on new ones each time.
 * Usage: npm run properties -- [--runs N] [--seed N] [file ...]
 */
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import fc from 'fast-check'
import { suites, testFiles } from './run-suite.ts'

const { values, positionals } = parseArgs({
  options: {
    runs: { type: 'string', default: '3000' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) }
  },
  allowPositionals: true
})
const [numRuns, seed] = [Number(values.runs), Number(values.seed)]
if (![numRuns, seed].every(Number.isInteger)) throw new Error('--runs and --seed are whole numbers')

const root = new URL('./', import.meta.url)
const hasProperties = (file: string) => readFileSync(new URL(file, root), 'utf8').includes("from 'fast-check'")
const files = positionals.length > 0 ? positionals.map(file => file.replace(/^test\//, '')) : everyTest()

function everyTest(): string[] {
  return Object.values(suites)
    .flatMap(folders => folders.flatMap(testFiles))
    .filter(hasProperties)
}

process.stdout.write(`# seed ${seed}, ${numRuns} runs, ${files.length} files\n`)
fc.configureGlobal({ numRuns, seed })
for (const file of files) await import(new URL(file, root).href)
