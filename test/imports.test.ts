/**
 * The layers of src: no imports of higher folders and no cycles. Its packages are those in package.json.
 */
import { builtinModules } from 'node:module'
import t from 'tap'
import manifest from '../package.json' with { type: 'json' }
import { type SourceImport, sourceFiles, sourceImports } from './support/source-imports.ts'

const pure = ['settings', 'formats', 'dialects', 'clients', 'dns', 'conformance']
const inputs = ['sources', 'directories', 'lookups', 'keys']

/** Which other folders each folder, and each file in src/ itself, may import. Every one of them may import `json.ts`. */
const layers: Readonly<Record<string, readonly string[]>> = {
  settings: [],
  formats: [],
  'json.ts': [],
  'errors.ts': [],
  'batch.ts': [],
  'timeout.ts': [],
  dialects: ['settings', 'formats'],
  clients: ['settings', 'formats'],
  dns: ['settings', 'formats'],
  conformance: ['settings', 'formats', 'dialects', 'clients', 'dns'],
  web: ['settings', 'formats', 'dialects'],
  network: ['formats', 'clients'],
  probes: ['settings', 'formats', 'clients', 'timeout.ts'],
  records: ['settings', 'formats', 'dialects', 'dns', 'network', 'errors.ts'],
  doctor: ['settings', 'formats', 'clients', 'network', 'probes', 'errors.ts'],
  importers: ['settings', 'formats', 'clients', 'sources', 'errors.ts'],
  export: ['settings', 'formats', 'dialects', 'errors.ts'],
  sources: ['settings', 'errors.ts'],
  keys: ['settings', 'sources', 'errors.ts'],
  directories: ['settings', 'formats', 'sources', 'batch.ts', 'errors.ts', 'timeout.ts'],
  lookups: ['settings', 'formats', 'network', 'sources', 'directories', 'errors.ts'],
  acme: ['settings', 'formats', 'clients', 'network'],
  certificates: ['settings', 'sources', 'keys', 'network', 'acme'],
  http: [...pure, ...inputs, 'web', 'batch.ts', 'errors.ts', 'timeout.ts'],
  admin: [...pure, ...inputs, 'certificates', 'http', 'errors.ts'],
  console: [...pure, ...inputs, 'web', 'network', 'probes', 'records', 'doctor', 'http', 'admin', 'errors.ts'],
  'app.ts': [...pure, ...inputs, 'web', 'http', 'errors.ts'],
  serve: [...pure, ...inputs, 'certificates', 'network', 'doctor', 'http', 'admin', 'console', 'errors.ts', 'app.ts'],
  cli: [
    ...pure,
    ...inputs,
    'web',
    'network',
    'probes',
    'records',
    'doctor',
    'importers',
    'export',
    'certificates',
    'http',
    'admin',
    'console',
    'serve',
    'errors.ts',
    'timeout.ts',
    'app.ts'
  ],
  'main.ts': ['cli', 'serve', 'errors.ts']
}

const layerOf = (file: string) => file.replace(/\/.*/, '')
const textOf = ({ from, specifier }: SourceImport) => `${from} imports ${specifier}`

t.test('imports: no folder imports a higher layer', async t => {
  t.same(
    sourceFiles.filter(file => !Object.hasOwn(layers, layerOf(file))),
    [],
    'every folder has its place'
  )
  const breaches = sourceImports.filter(({ from, file }) => {
    if (file === undefined || file === 'json.ts' || layerOf(file) === layerOf(from)) return false
    return layers[layerOf(from)]?.includes(layerOf(file)) !== true
  })
  t.same(breaches.map(textOf), [])
})

t.test("imports: of one's own files are written in full, and are there", async t => {
  const files = new Set(sourceFiles)
  t.same(sourceImports.filter(({ file }) => file !== undefined && !files.has(file)).map(textOf), [])
})

t.test('imports: there are no cycles', async t => {
  const below = Map.groupBy(sourceImports, ({ from }) => from)
  const finished = new Set<string>()
  const circles: string[] = []
  function visit(file: string, way: readonly string[]) {
    if (way.includes(file)) circles.push([...way.slice(way.indexOf(file)), file].join(' → '))
    if (way.includes(file) || finished.has(file)) return
    for (const { file: next } of below.get(file) ?? []) if (next !== undefined) visit(next, [...way, file])
    finished.add(file)
  }
  for (const file of sourceFiles) visit(file, [])
  t.same(circles, [])
})

t.test('imports: dependencies are exactly the packages that the program loads', async t => {
  const loaded = new Set<string>()
  const packages = new Set<string>()
  function load(file: string) {
    if (loaded.has(file)) return
    loaded.add(file)
    for (const { from, specifier, file: next, typeOnly } of sourceImports) {
      if (from !== file || typeOnly) continue
      if (next !== undefined) load(next)
      else if (!isOfNode(specifier)) packages.add(packageOf(specifier))
    }
  }
  load('main.ts')
  t.same([...packages].sort(), Object.keys(manifest.dependencies).sort())
})

t.test('imports: every other package is a development dependency', async t => {
  const known = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies })
  const unknown = sourceImports.filter(({ specifier, file }) => {
    return file === undefined && !isOfNode(specifier) && !known.includes(packageOf(specifier))
  })
  t.same(unknown.map(textOf), [])
})

t.test('imports: parts of node have the prefix node:', async t => {
  t.same(
    sourceImports.filter(({ specifier }) => !isOfNode(specifier) && builtinModules.includes(specifier)).map(textOf),
    []
  )
})

t.test('imports: all forms of import statements are found', async t => {
  const written = (from: string) => sourceImports.filter(each => each.from === from).map(({ specifier }) => specifier)
  t.ok(written('cli/commands.ts').includes('./commands/serve.ts'), 'import()')
  t.ok(written('app.ts').includes('fastify'), 'a package')
  t.ok(
    sourceImports.some(({ typeOnly, specifier }) => typeOnly && specifier === 'pino'),
    'import type'
  )
})

function isOfNode(specifier: string): boolean {
  return specifier.startsWith('node:')
}

/** @returns `@scope/name` or `name`, without what is named inside */
function packageOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
}
