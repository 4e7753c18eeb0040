// The npm package as users get it: packed, and installed in an empty folder.

import { cp, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import lock from '../../package-lock.json' with { type: 'json' }
import { run } from './program.ts'

export interface InstalledPackage {
  /** Paths of the files in the tarball. */
  readonly paths: readonly string[]
  /** The folder of the package below node_modules/. */
  readonly folder: string
  /** The `signpost` command. */
  readonly bin: string
}

/** @param directory an existing scratch folder. @throws the output of npm if it failed */
export async function installPackage(directory: string): Promise<InstalledPackage> {
  const packed = await npm('pack', '--json', '--pack-destination', directory)
  const [tarball] = JSON.parse(packed.slice(packed.indexOf('[\n')))
  const home = join(directory, 'home')
  await mkdir(home)
  await writeFile(join(home, 'package.json'), '{ "private": true }')
  // Why: npm keeps packages that are installed already, if the links to their programs exist too, and needs no network.
  const needed = Object.entries(lock.packages).filter(([path, entry]) => path !== '' && !('dev' in entry))
  for (const path of ['node_modules/.bin', ...needed.map(([path]) => path)]) {
    await cp(path, join(home, path), { recursive: true, verbatimSymlinks: true })
  }
  await npm('install', '--prefix', home, '--offline', '--no-audit', '--no-fund', join(directory, tarball.filename))
  return {
    paths: tarball.files.map(({ path }: { path: string }) => path),
    folder: join(home, 'node_modules/signpost'),
    bin: join(home, 'node_modules/.bin/signpost')
  }
}

/** @returns the output of npm. @throws the same if it failed */
async function npm(...args: string[]): Promise<string> {
  // Why: tap passes hooks on to every node process, and the compiler fails with them.
  const { exitCode, output } = await run('env', ['--unset=NODE_OPTIONS', 'npm', ...args])
  if (exitCode !== 0) throw new Error(output)
  return output
}
