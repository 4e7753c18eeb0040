/**
 * Tests mirror the folders of src, and all of src is loaded by tests. Why: the coverage report only contains loaded files.
 */
import { readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import t from 'tap'
import { suites, testFiles } from './run-suite.ts'
import { loadedFiles } from './support/loaded-files.ts'
import { sourceFiles } from './support/source-imports.ts'

/** Paths below test/. */
const files = Object.values(suites).flat().flatMap(testFiles)
const textOf = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')

/** Files of src that tests start as separate processes. */
const entryPoints = ['directories/isolation/directory-process.ts', 'main.ts']

/** Tests that still need a sentence at the top. Do not add any. */
const undescribed = ['settings/load/included.test.ts', 'web/languages.test.ts']

t.test('test files: each mirrors a file of src, or begins with a sentence that says what it tests', async t => {
  t.ok(files.length > 300)
  t.same(strayTests(files, textOf), undescribed)
})

t.test('test files: a test without a counterpart in src and without a sentence is found', async t => {
  const texts: Record<string, string> = {
    'errors.test.ts': 'import',
    'nothing.test.ts': 'import',
    'network/network.test.ts': 'import',
    'nothing/nothing.test.ts': 'import',
    'described.test.ts': '/**\n * Requests and responses.\n */\n',
    'empty.test.ts': '/**\n */\n'
  }
  t.same(
    strayTests(Object.keys(texts), path => texts[path] ?? ''),
    ['nothing.test.ts', 'nothing/nothing.test.ts', 'empty.test.ts']
  )
})

t.test('test files: every file of src with code is loaded by a test', async t => {
  const loaded = loadedFiles(files.map(path => `test/${path}`))
  const missing = sourceFiles.filter(path => !loaded.has(`src/${path}`) && hasCode(textOf(`../src/${path}`)))
  t.same(missing, entryPoints)
})

t.test('test files: imports of types load nothing, all others do', async t => {
  const texts: Record<string, string> = {
    'a/a.ts': "import type { A } from './type.ts'\nimport { type B, b } from '../b.ts'\nimport fs from 'node:fs'\n",
    'b.ts': ["export { c } from './c.ts'\nawait import(", "'./d.ts')\n"].join(''),
    'c.ts': "import json from './c.json' with { type: 'json' }\n",
    'd.ts': "import './a/a.ts'\n"
  }
  t.same([...loadedFiles(['a/a.ts'], path => texts[path] ?? '')].sort(), ['a/a.ts', 'b.ts', 'c.ts', 'd.ts'])
  t.ok(hasCode('/** One. */\nexport const a = 1\n'))
  t.ok(hasCode('start()\n'))
  t.notOk(hasCode("import type { A } from './a.ts'\n\n/** A. */\nexport interface B {\n  readonly a: A\n}\n"))
})

/**
 * @param read returns the text of a test file
 * @returns tests that neither have the path of a file in src, nor the name of their folder there, nor a sentence
 */
function strayTests(paths: readonly string[], read: (path: string) => string): string[] {
  return paths.filter(path => {
    const name = path.replace(/\.test\.ts$/, '')
    const hasCounterpart = sourceFiles.includes(`${name}.ts`) || (name === wholeFolder(name) && isFolder(dirname(name)))
    return !hasCounterpart && !/^\/\*\*\n \* \S/.test(read(path))
  })
}

/** @returns the path of the test of a whole folder: `network/network` for a test in `network` */
function wholeFolder(name: string): string {
  return join(dirname(name), basename(dirname(name)))
}

function isFolder(path: string): boolean {
  return sourceFiles.some(file => file.startsWith(`${path}/`))
}

/** @returns whether a file has statements or declarations other than imports and types */
function hasCode(text: string): boolean {
  return /^(?!(?:export )?(?:type|interface) )[a-z]/m.test(text.replaceAll(/^import [^']*'[^']*'/gm, ''))
}
