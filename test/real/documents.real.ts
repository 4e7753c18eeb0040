// Every golden document, checked by independent programs: xmllint, plistutil and Python's plistlib.

import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'plist'
import t from 'tap'
import { parseAnswer, readGolden } from '../golden/golden-file.ts'
import { run } from './program.ts'

const directory = await mkdtemp(join(tmpdir(), 'signpost-documents-'))
t.teardown(() => rm(directory, { recursive: true }))

interface GoldenBody {
  readonly name: string
  readonly body: string
  /** The file with the body. */
  readonly file: string
  /** The provider has opted in to more than the safest autoconfig. */
  readonly extras: boolean
}

/** @returns files with all bodies of the dialect's golden files with status 200, and their names */
async function settingsOf(dialect: string): Promise<GoldenBody[]> {
  const names = (await readdir(`test/golden/${dialect}`)).filter(name => name.endsWith('.golden')).sort()
  const answers = await Promise.all(
    names.map(async name => {
      const { settings, answer } = readGolden(await readFile(`test/golden/${dialect}/${name}`, 'utf8'))
      const { status, body } = parseAnswer(answer)
      const file = join(directory, `${dialect}-${name}`)
      if (status === 200) await writeFile(file, body)
      const extras = /^ *autoconfig:/m.test(settings)
      return { name, status, body, file, extras }
    })
  )
  return answers.filter(({ status }) => status === 200)
}

for (const { dialect, schemaOf } of [
  {
    dialect: 'thunderbird',
    schemaOf: (extras: boolean) => ['--relaxng', `test/schemas/autoconfig${extras ? '-extras' : ''}.rng`]
  },
  { dialect: 'outlook', schemaOf: () => ['--schema', 'test/schemas/autodiscover.xsd'] },
  { dialect: 'apple', schemaOf: () => ['--dtdvalid', 'test/schemas/plist.dtd'] }
]) {
  for (const { name, file, extras } of await settingsOf(dialect)) {
    t.test(`xmllint: ${dialect}/${name} is valid`, async t => {
      const { exitCode, output } = await run('xmllint', ['--nonet', '--noout', ...schemaOf(extras), file])
      t.equal(exitCode, 0, output)
    })
  }
}

const printTrees = `
import json, plistlib, sys
for file in sys.argv[1:]:
    with open(file, 'rb') as opened:
        print(json.dumps(plistlib.load(opened)))
`

for (const { name, body, file } of await settingsOf('apple')) {
  t.test(`plistutil and plistlib: apple/${name} is the same tree for both`, async t => {
    const binary = `${file}.bin`
    // Observed: plistutil 2.2 always exits with 0, but writes no file without a tree.
    await run('plistutil', ['-f', 'bin', '-i', file, '-o', binary])
    const { exitCode, output } = await run('python3', ['-c', printTrees, file, binary])
    t.equal(exitCode, 0, output)
    const [ofText = '', ofBinary = ''] = output.split('\n')
    t.strictSame(JSON.parse(ofText), parse(body))
    t.strictSame(JSON.parse(ofBinary), JSON.parse(ofText))
  })
}
