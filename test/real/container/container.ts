// Runs containers of an image as `docker run --read-only` does: own processes, the image's user and environment, no privileges.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Outcome, run } from '../program.ts'
import type { Image } from './image.ts'

export interface RunOptions {
  /** `-e`: in addition to the environment of the image. */
  readonly env?: Readonly<Record<string, string>> | undefined
  /** `-v FOLDER:PATH:ro`: folders of this machine by their paths in the container. */
  readonly mounts?: Readonly<Record<string, string>>
  /** `-v FOLDER:PATH`: the same for folders that the container may write to. */
  readonly volumes?: Readonly<Record<string, string>>
  /** Instead of the CMD of the image. */
  readonly cmd?: readonly string[]
}

export interface Container {
  /** The id of its first process on this machine. */
  readonly pid: number
  /** Runs the HEALTHCHECK of the image. */
  isHealthy(): Promise<boolean>
  /** As `docker stop`: SIGTERM, and SIGKILL after ten seconds. */
  stop(): Promise<Outcome>
}

const startMs = 30_000
const stopMs = 10_000

/** Runs a container to its end. */
export async function runContainer(image: Image, options: RunOptions = {}): Promise<Outcome> {
  return await ended(spawnIn(image, [...image.entrypoint, ...(options.cmd ?? image.cmd)], options))
}

/** Waits until it is healthy. @throws with its output if that takes too long */
export async function startContainer(image: Image, options: RunOptions = {}): Promise<Container> {
  const { env } = options
  const child = spawnIn(image, [...image.entrypoint, ...(options.cmd ?? image.cmd)], options)
  process.once('exit', () => child.kill('SIGKILL'))
  const outcome = ended(child)
  const isHealthy = async () => (await ended(spawnIn(image, image.healthcheck, { env }))).exitCode === 0
  const pid = async () => Number((await run('pgrep', ['--parent', String(child.pid)])).output)
  const stop = async () => {
    const first = await pid()
    if (first > 0) process.kill(first, 'SIGTERM')
    const kill = setTimeout(() => child.kill('SIGKILL'), stopMs)
    return await outcome.finally(() => clearTimeout(kill))
  }
  const deadline = Date.now() + startMs
  while (child.exitCode === null && Date.now() < deadline) {
    if (await isHealthy()) return { pid: await pid(), isHealthy, stop }
    await sleep(100)
  }
  throw new Error(`the container does not become healthy: ${(await stop()).output}`)
}

// Why bind mounts: they can be made read-only, and vanish with the namespace.
const PREPARE = `
set -e
root=$0
mount --rbind "$root" "$root"
mount --bind /dev "$root/dev"
while [ "$1" != -- ]; do mount --bind "$1" "$root$2"; mount -o remount,bind,$3 "$root$2"; shift 3; done
shift
mount -o remount,bind,ro "$root"
exec "$@"
`

function spawnIn({ root, env, workdir, user }: Image, command: readonly string[], options: RunOptions) {
  const mounts = [
    ...Object.entries(options.mounts ?? {}).flatMap(([path, folder]) => [folder, path, 'ro']),
    ...Object.entries(options.volumes ?? {}).flatMap(([path, folder]) => [folder, path, 'rw'])
  ]
  const variables = Object.entries({ ...env, ...options.env }).map(([name, value]) => `${name}=${value}`)
  const [uid, gid] = user
  const inside = ['unshare', '--pid', '--fork', '--kill-child', '--root', root, '--mount-proc', '--wd', workdir]
  const as = ['--setuid', uid, '--setgid', gid]
  const container = [
    'setpriv',
    '--no-new-privs',
    'env',
    '--ignore-environment',
    ...variables,
    ...inside,
    ...as,
    ...command
  ]
  return spawn('unshare', ['--mount', 'sh', '-c', PREPARE, root, ...mounts, '--', ...container], {
    stdio: ['ignore', 'pipe', 'pipe']
  })
}

async function ended(child: ReturnType<typeof spawnIn>): Promise<Outcome> {
  const output = Promise.all([text(child.stdout), text(child.stderr)])
  const [exitCode] = await once(child, 'close')
  return { exitCode, output: (await output).join('') }
}
