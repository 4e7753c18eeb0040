/**
 * The program in one file of CommonJS, which is what Node's single executable applications run.
 * Source: https://nodejs.org/docs/latest-v24.x/api/single-executable-applications.html
 */
import { readFile } from 'node:fs/promises'
import { builtinModules } from 'node:module'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, type Plugin } from 'esbuild'

export interface Bundle {
  readonly text: string
  /** Folders of the packages in it, such as `node_modules/fastify`. */
  readonly packages: readonly string[]
}

const root = fileURLToPath(new URL('../../', import.meta.url))

/** Packages that others load if they are installed, which they are not. */
const absent = ['cardinal', 'pg-native', 'cloudflare:sockets']

/** @throws if a file of the program would be missing at run time */
export async function bundle(): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: ['.ci/package/executable-entry.ts'],
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    format: 'cjs',
    target: `node${process.versions.node}`,
    external: absent,
    plugins: [embedFiles],
    // Why an invented path: there are no files. executable-entry.ts knows the two scripts that are started by their paths.
    define: { 'import.meta.url': '"file:///signpost/main.js"' },
    // Why not identifiers: stack traces must name functions.
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    logLevel: 'warning'
  })
  const [output] = Object.values(metafile.outputs)
  for (const { path, external } of output?.imports ?? []) {
    const isKnown =
      builtinModules.includes(path.replace(/^node:/, '')) || path.startsWith('node:') || absent.includes(path)
    if (external === true && !isKnown) throw new Error(`${path} is not in the bundle`)
  }
  const packages = new Set(
    Object.keys(metafile.inputs).flatMap(path => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path) ?? [])
  )
  return { text: inAscii(outputFiles[0]?.text ?? ''), packages: [...packages].sort() }
}

/**
 * esbuild leaves other characters in tagged templates. Why: with a single one of them, Node.js keeps the whole text with two bytes
 * for each character.
 */
function inAscii(program: string): string {
  return program.replace(/[\u0080-\uffff]/g, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** JSON files that the program reads beside its code become part of it. */
const embedFiles: Plugin = {
  name: 'embed-files',
  setup({ onLoad }) {
    onLoad({ filter: /\/src\/.*\.ts$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8')
      const files = new Map<string, string>()
      for (const [call, file = ''] of text.matchAll(jsonRead)) {
        files.set(call, JSON.stringify(await readFile(resolve(dirname(path), file), 'utf8')))
      }
      const contents = text
        .replace(jsonRead, call => files.get(call) ?? call)
        .replace('createRequire(import.meta.url)', 'require')
      if (/import\.meta\.(?!url)|readFileSync\([^)]*import\.meta/.test(contents))
        throw new Error(`${path} reads a file that is not embedded`)
      return { contents, loader: 'ts' }
    })
  }
}

const jsonRead = /readFileSync\(\s*new URL\('([^']+\.json)', import\.meta\.url\),\s*'utf8'\s*\)/g
