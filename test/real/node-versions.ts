// Other versions of Node, from npm: test/real/node-versions/package.json lists them, its lock file holds their digests.

import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { run } from './program.ts'

const folder = 'test/real/node-versions'

export interface NodeVersion {
  readonly version: string
  /** Path of the program. */
  readonly node: string
}

/** Downloads 200 MB the first time, and nothing afterwards. @throws what npm printed if it failed */
export async function installNodeVersions(): Promise<void> {
  const installed = await Promise.all((await readNodeVersions()).map(isInstalled))
  if (installed.every(Boolean)) return
  const { exitCode, output } = await run('npm', ['ci', '--prefix', folder, '--no-audit', '--no-fund'])
  if (exitCode !== 0) throw new Error(output)
}

export async function readNodeVersions(): Promise<NodeVersion[]> {
  const { dependencies } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))
  return Object.entries<string>(dependencies).map(([name, wanted]) => ({
    version: wanted.slice(wanted.lastIndexOf('@') + 1),
    node: resolve(folder, 'node_modules', name, 'bin/node')
  }))
}

async function isInstalled({ version, node }: NodeVersion): Promise<boolean> {
  const { output } = await run(node, ['--version']).catch(() => ({ output: '' }))
  return output === `v${version}\n`
}
