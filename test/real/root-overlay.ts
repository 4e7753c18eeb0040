// This machine's root with an overlay for all changes: packages can be installed there, and nothing remains.

import { cp, mkdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { type Outcome, run } from './program.ts'

export interface RootOverlay {
  /** Where it is mounted. */
  readonly path: string
  /** Runs a command in it to its end. */
  run(command: string, args: readonly string[]): Promise<Outcome>
  /** Copies a file into its /tmp. @returns the path inside */
  put(file: string): Promise<string>
  close(): Promise<void>
}

/** @param directory new, on a file system that an overlay may use, such as tmpfs */
export async function openRootOverlay(directory: string): Promise<RootOverlay> {
  const [upper, work, path] = ['upper', 'work', 'root'].map(name => join(directory, name)) as [string, string, string]
  for (const folder of [directory, upper, work, path]) await mkdir(folder)
  const layers = `lowerdir=/,upperdir=${upper},workdir=${work}`
  await must('mount', ['-t', 'overlay', 'overlay', '-o', layers, path])
  await must('mount', ['--rbind', '/dev', join(path, 'dev')])
  await must('mount', ['-t', 'proc', 'proc', join(path, 'proc')])
  // Why: the scratch folders of tests are not part of it.
  await must('mount', ['-t', 'tmpfs', 'tmpfs', join(path, 'tmp')])
  // Why: apt would index all manual pages after each installation, which takes longer than the installation.
  await must('ln', ['--symbolic', '--force', '/bin/true', join(path, 'usr/bin/mandb')])
  return {
    path,
    run: (command, args) => run('chroot', [path, 'env', ...environment, command, ...args]),
    async put(file) {
      const inside = join('/tmp', basename(file))
      await cp(file, join(path, inside))
      return inside
    },
    async close() {
      await run('umount', ['--recursive', '--lazy', path])
    }
  }
}

/** The environment of an administrator who logged in, without that of this process. */
const environment = [
  '--ignore-environment',
  'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  'DEBIAN_FRONTEND=noninteractive',
  'LC_ALL=C.UTF-8',
  'HOME=/root'
]

async function must(command: string, args: string[]): Promise<void> {
  const { exitCode, output } = await run(command, args)
  if (exitCode !== 0) throw new Error(`${command} ${args.join(' ')}: ${output}`)
}
