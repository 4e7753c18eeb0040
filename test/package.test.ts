/**
 * The npm package: exact versions, its lock file, licences, and the suites that npm test runs.
 */
import { execFile } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { promisify } from 'node:util'
import t from 'tap'
import manifest from '../package.json' with { type: 'json' }
import lock from '../package-lock.json' with { type: 'json' }
import { suites, testFiles } from './run-suite.ts'

const run = promisify(execFile)
const wanted = { ...manifest.dependencies, ...manifest.devDependencies }

t.test('package: every version is exact', async t => {
  for (const [name, version] of Object.entries(wanted)) t.match(version, /^\d+\.\d+\.\d+(?:-alpha\.\d+)?$/, name)
})

t.test('package: the lock file has the required versions', async t => {
  const { dependencies, devDependencies, version, engines, bin } = lock.packages['']
  t.same(
    { dependencies, devDependencies, version, engines, bin },
    {
      dependencies: manifest.dependencies,
      devDependencies: manifest.devDependencies,
      version: manifest.version,
      engines: manifest.engines,
      bin: manifest.bin
    }
  )
  const locked: Readonly<Record<string, { version?: string }>> = lock.packages
  for (const [name, version] of Object.entries(wanted)) t.equal(locked[`node_modules/${name}`]?.version, version, name)
})

interface Locked {
  readonly version?: string
  readonly resolved?: string
  readonly integrity?: string
  readonly license?: string
  readonly dev?: boolean
  readonly devOptional?: boolean
  readonly hasInstallScript?: boolean
  readonly dependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

const packages: readonly (readonly [string, Locked])[] = Object.entries<Locked>(lock.packages).filter(
  ([path]) => path !== ''
)
const installed = packages.filter(([, { dev, devOptional }]) => dev !== true && devOptional !== true)

t.test('package: npm ci finds every dependency of every package in the lock', async t => {
  const paths = new Set(packages.map(([path]) => path))
  for (const [path, { dependencies = {}, optionalDependencies = {} }] of packages) {
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      t.ok(
        foldersAbove(path).some(folder => paths.has(`${folder}node_modules/${name}`)),
        `${name} of ${path}`
      )
    }
  }
})

/** @returns where Node looks for the dependencies of a package: `''`, `node_modules/a/`, `node_modules/a/node_modules/b/` */
function foldersAbove(path: string): string[] {
  const names = path.split(/\/?node_modules\//).slice(1)
  return [
    '',
    ...names.map(
      (_, index) =>
        `${names
          .slice(0, index + 1)
          .map(name => `node_modules/${name}`)
          .join('/')}/`
    )
  ]
}

t.test('package: every package of the lock comes from the registry, with a digest', async t => {
  for (const [path, { resolved, integrity }] of packages) {
    // Why absent: then it is the registry that npm is set to.
    t.match(resolved ?? 'https://registry.npmjs.org/', /^https:\/\/registry\.npmjs\.org\//, path)
    t.match(integrity, /^sha512-/, path)
  }
})

t.test('package: the licences of all installed packages allow redistribution', async t => {
  // Why these: permissive licences, which MIT may be combined with and which ask for no more than their own text.
  const permissive = ['MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', 'BlueOak-1.0.0', '0BSD']
  t.ok(installed.length > 50)
  for (const [path, { license = '' }] of installed) {
    // Spec: SPDX 2.3, annex D: OR lets the user choose.
    const choices = license.replace(/^\((.*)\)$/, '$1').split(' OR ')
    t.ok(
      choices.some(choice => permissive.includes(choice)),
      `${path}: ${license}`
    )
  }
})

t.test('package: no installed package runs code during installation', async t => {
  const scripts = packages.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => path)
  t.same(scripts, ['node_modules/esbuild', 'node_modules/node'], 'both are for development')
  t.same(manifest.allowScripts, { esbuild: false, node: true }, 'esbuild works without its script')
})

t.test('package: the bill of materials is CycloneDX and marks packages for development', async t => {
  const { stdout } = await run('npm', ['run', '--silent', 'sbom'])
  const bill = JSON.parse(stdout) as Bill
  t.equal(bill.bomFormat, 'CycloneDX')
  const shipped = bill.components.filter(({ properties }) => !properties.some(({ name }) => name === forDevelopment))
  for (const { purl, licenses = [], hashes = [] } of shipped) {
    t.ok(licenses.length > 0 && hashes.length > 0, `${purl}: licence and digest`)
  }
  t.same(
    shipped.map(({ purl }) => decodeURIComponent(purl).replace('pkg:npm/', '')).sort(),
    installed.map(([path, { version }]) => `${path.replace(/^.*node_modules\//, '')}@${version}`).sort()
  )
})

const forDevelopment = 'cdx:npm:package:development'

interface Bill {
  readonly bomFormat: string
  readonly components: readonly Component[]
}

interface Component {
  readonly purl: string
  readonly properties: readonly { readonly name: string }[]
  readonly licenses?: readonly object[]
  readonly hashes?: readonly object[]
}

t.test('package: every test file belongs to one suite, and npm test runs them all', async t => {
  const all = readdirSync(new URL('./', import.meta.url), { encoding: 'utf8', recursive: true })
  const files = all.filter(name => name.endsWith('.test.ts')).sort()
  const inSuites = Object.values(suites).flatMap(folders => folders.flatMap(folder => testFiles(folder)))
  t.same(inSuites.sort(), files)
  t.same(
    all.filter(name => name.startsWith('suites/')).sort(),
    Object.keys(suites).map((name, index) => `suites/${String(index + 1).padStart(2, '0')}-${name}.ts`)
  )
})
