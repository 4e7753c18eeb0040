// The output of `npm run package`, built once for all test files of a run.

import { createHash, type Hash } from 'node:crypto'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { mkdtemp, rename } from 'node:fs/promises'
import { join } from 'node:path'
import manifest from '../../package.json' with { type: 'json' }
import { RUN_FOLDER } from './namespace.ts'
import { run } from './program.ts'

const debianArchitecture = process.arch === 'x64' ? 'amd64' : process.arch

/** Names of the files that are written. */
export const releaseFiles = {
  sbom: `signpost-${manifest.version}.cdx.json`,
  executable: `signpost-${manifest.version}-linux-${process.arch}`,
  licences: `signpost-${manifest.version}-linux-${process.arch}.licences.txt`,
  deb: `signpost_${manifest.version}_${debianArchitecture}.deb`,
  sums: 'SHA256SUMS'
} as const

/**
 * Builds the release, unless a test file of the same run has already built it from the same sources.
 *
 * @param directory scratch folder of the test file, used if it does not run under `test/real/run.ts`
 * @returns the folder with all release files, which tests must not change. @throws the output of the build if it failed
 */
export async function buildRelease(directory: string): Promise<string> {
  const shared = process.env[RUN_FOLDER] ?? directory
  const hash = await hashOfInputs()
  const finished = join(shared, `release-${hash}`)
  if (existsSync(finished)) return finished
  const folder = await mkdtemp(join(shared, 'unfinished-release-'))
  const args = ['.ci/package/main.ts', '--fast', '--output', folder, 'sbom', 'executable', 'deb']
  // Why: tap passes hooks on to every node process, and the compiler and the executable fail with them.
  await must('env', ['--unset=NODE_OPTIONS', process.execPath, ...args])
  // Why: sources were edited during the build, and the result may contain some of the edits.
  if ((await hashOfInputs()) !== hash) return folder
  await rename(folder, finished)
  return finished
}

/** @returns SHA-256 of everything that the files of a release depend on */
async function hashOfInputs(): Promise<string> {
  const tracked = await must('git', ['ls-files', '-z'])
  const untracked = await must('git', ['ls-files', '-z', '--others', '--', '.ci', 'config', 'src'])
  // Why: npm lists the installed packages here.
  const installed = 'node_modules/.package-lock.json'
  const hash = createHash('sha256')
  for (const path of [...`${tracked}${untracked}`.split('\0').filter(Boolean), installed]) addFile(hash, path)
  // Why the commit: the Debian package contains its date. Why Node.js: the executable contains it.
  hash.update(await must('git', ['rev-parse', 'HEAD'])).update(`${process.execPath} ${process.version}`)
  return hash.digest('hex')
}

function addFile(hash: Hash, path: string): void {
  if (!existsSync(path)) return
  const content = readFileSync(path)
  hash.update(`${path}\0${statSync(path).mode}\0${content.length}\0`).update(content)
}

/** @returns the output. @throws the output if the exit code is not 0 */
async function must(command: string, args: string[]): Promise<string> {
  const { exitCode, output } = await run(command, args)
  if (exitCode !== 0) throw new Error(output)
  return output
}
