/**
 * `npm run package`: writes what a release consists of to release/. With names of parts (npm, sbom, executable, deb) only
 * those. The executable and the Debian package are for the system and the processor that this runs on.
 *
 * --output FOLDER  write there; what is in it is removed
 * --keep           do not remove it, and make the Debian package from an executable that is there
 * --fast           compress the Debian package little, for tests
 */
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { arch, platform } from 'node:process'
import { parseArgs } from 'node:util'
import manifest from '../../package.json' with { type: 'json' }
import { writeBillOfMaterials } from './bill-of-materials.ts'
import { bundle } from './bundle.ts'
import { writeSums } from './checksums.ts'
import { readCommandLine } from './command-line.ts'
import { writeDebianPackage } from './debian.ts'
import { writeExecutable } from './executable.ts'
import { collectLicences } from './licences.ts'
import { run } from './run.ts'

const { values, positionals: asked } = parseArgs({
  allowPositionals: true,
  options: {
    output: { type: 'string', default: 'release' },
    fast: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false }
  }
})
const folder = values.output
const { version } = manifest
const architecture = { x64: 'amd64', arm64: 'arm64' }[arch as string] ?? arch
const executable = `${folder}/signpost-${version}-${platform}-${arch}`

const parts = { npm, sbom, executable: writeProgram, deb }
type Part = keyof typeof parts
const all = Object.keys(parts) as Part[]

const unknown = asked.filter(name => !Object.hasOwn(parts, name))
if (unknown.length > 0) {
  process.stderr.write(`package: found ${unknown.join(', ')}, expected ${all.join(', ')}\n`)
  process.exit(2)
}

if (!values.keep) await rm(folder, { recursive: true, force: true })
await mkdir(folder, { recursive: true })
for (const name of all) {
  if (asked.length > 0 && !asked.includes(name)) continue
  process.stderr.write(`package: ${name}\n`)
  await parts[name]()
}
await writeSums(folder)

async function npm(): Promise<void> {
  // Why: hooks of a parent process that runs tests would run in the compiler, too.
  await run('npm', ['pack', '--pack-destination', folder], { env: { NODE_OPTIONS: '' } })
}

async function sbom(): Promise<void> {
  await writeBillOfMaterials(`${folder}/signpost-${version}.cdx.json`)
}

async function writeProgram(): Promise<void> {
  const { text, packages } = await bundle()
  await writeExecutable(executable, text)
  await writeFile(`${executable}.licences.txt`, await collectLicences(packages))
}

async function deb(): Promise<void> {
  const { packages } = await bundle()
  await writeDebianPackage(`${folder}/signpost_${version}_${architecture}.deb`, {
    version,
    architecture,
    executable,
    commands: await readCommandLine(),
    licences: await collectLicences(packages),
    date: await dateOfSources(),
    compression: values.fast ? 0 : 6
  })
}

/** Why: the time of the build would make each build another. Source: https://reproducible-builds.org/specs/source-date-epoch/ */
async function dateOfSources(): Promise<Date> {
  const { SOURCE_DATE_EPOCH } = process.env
  return new Date(Number(SOURCE_DATE_EPOCH ?? (await run('git', ['log', '-1', '--format=%ct']))) * 1000)
}
