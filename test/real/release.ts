// The output of `npm run package`.

import { readdir } from 'node:fs/promises'
import manifest from '../../package.json' with { type: 'json' }
import { run } from './program.ts'

export type ReleasePart = 'npm' | 'sbom' | 'executable' | 'deb'

const debianArchitecture = process.arch === 'x64' ? 'amd64' : process.arch

/** Names of the files that are written. */
export const releaseFiles = {
  npm: `signpost-${manifest.version}.tgz`,
  sbom: `signpost-${manifest.version}.cdx.json`,
  executable: `signpost-${manifest.version}-linux-${process.arch}`,
  licences: `signpost-${manifest.version}-linux-${process.arch}.licences.txt`,
  deb: `signpost_${manifest.version}_${debianArchitecture}.deb`,
  sums: 'SHA256SUMS'
} as const

/** @returns the names of the files in the folder. @throws the output if it failed */
export async function writeRelease(folder: string, parts: readonly ReleasePart[]): Promise<string[]> {
  const args = ['.ci/package/main.ts', '--fast', '--output', folder, ...parts]
  // Why: tap passes hooks on to every node process, and the compiler and the executable fail with them.
  const { exitCode, output } = await run('env', ['--unset=NODE_OPTIONS', process.execPath, ...args])
  if (exitCode !== 0) throw new Error(output)
  return (await readdir(folder)).sort()
}
