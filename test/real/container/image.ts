// The container image without an engine: every stage of the Dockerfile runs in a separate root.
// Two roots stand for the base images. `node:` is this machine with the Node of the tests. `debian:` has only the shared
// libraries that Node is linked with, from packages that every Debian image contains.

import { cp, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { basename, join, relative } from 'node:path'
import { run } from '../program.ts'
import { openRootOverlay, type RootOverlay } from '../root-overlay.ts'
import { createContextFilter, execForm, parseDockerfile, type Stage, type Step, wordsOf } from './dockerfile.ts'

export interface Image {
  /** The folder that becomes the root of containers. */
  readonly root: string
  readonly env: Readonly<Record<string, string>>
  /** Numbers of the user and the group. */
  readonly user: readonly [string, string]
  readonly workdir: string
  readonly entrypoint: readonly string[]
  readonly cmd: readonly string[]
  readonly healthcheck: readonly string[]
  /** EXPOSE. */
  readonly ports: readonly number[]
}

/** Libraries of Node, and /etc/passwd. `dpkg-query -s` shows that each is essential, or needed by apt. */
const slimPackages = ['base-files', 'libc6', 'libgcc-s1', 'libstdc++6']

/** Where the stages that run commands find the cache of npm. */
const cacheFolder = '/mnt'

type Root = Pick<RootOverlay, 'path'> & Partial<RootOverlay>

/**
 * @param directory new, for all roots
 * @returns the image, and a function that unmounts what was mounted
 * @throws if a file that is copied is missing, or a command fails
 */
export async function buildImage(directory: string): Promise<{ readonly image: Image; close(): Promise<void> }> {
  const context = join(directory, 'context')
  await copyContext(context)
  const stages = parseDockerfile(await readFile('Dockerfile', 'utf8'))
  const roots = new Map<string, Root>()
  const close = async () => {
    for (const root of roots.values()) await root.close?.()
  }
  try {
    let image: Image | undefined
    for (const stage of stages) {
      const root = roots.get(stage.from) ?? (await openBase(stage.from, join(directory, `stage-${stage.name}`)))
      roots.set(stage.name, root)
      image = await carryOut(stage, root, { context, roots })
    }
    if (image === undefined) throw new Error('no stage')
    return { image, close }
  } catch (error) {
    await close()
    throw error
  }
}

async function copyContext(context: string): Promise<void> {
  const isSent = createContextFilter(await readFile('.dockerignore', 'utf8'))
  const filter = (path: string) => path === '.' || isSent(relative('.', path))
  await cp('.', context, { recursive: true, filter })
}

async function openBase(image: string, directory: string): Promise<Root> {
  if (image.startsWith('node:')) return await openNodeRoot(directory)
  if (image.startsWith('debian:')) return await openSlimRoot(directory)
  throw new Error(`unknown base image ${image}`)
}

async function openNodeRoot(directory: string): Promise<Root> {
  const root = await openRootOverlay(directory)
  await cp(process.execPath, join(root.path, 'usr/local/bin/node'), { force: true })
  return root
}

async function openSlimRoot(path: string): Promise<Root> {
  for (const folder of ['dev', 'proc', 'tmp', 'usr/bin', 'usr/lib', 'usr/lib64', 'etc']) {
    await mkdir(join(path, folder), { recursive: true })
  }
  for (const folder of ['bin', 'lib', 'lib64']) await symlink(`usr/${folder}`, join(path, folder))
  const { output } = await run('dpkg-query', ['--listfiles', ...slimPackages])
  // Why: the image of Debian has no documentation either.
  const files = output.split('\n').filter(file => /^\/(?:usr\/)?lib|^\/etc\//.test(file))
  const list = join(path, 'tmp/files')
  await writeFile(list, files.join('\n'))
  const tar = `tar --create --no-recursion --ignore-failed-read --directory / --files-from ${list} 2>/dev/null | tar --extract --keep-directory-symlink --directory ${path}`
  const { exitCode, output: said } = await run('sh', ['-c', tar])
  if (exitCode !== 0) throw new Error(said)
  await run('rm', [list])
  return { path }
}

interface Build {
  readonly context: string
  readonly roots: ReadonlyMap<string, Root>
}

async function carryOut({ steps }: Stage, root: Root, build: Build): Promise<Image> {
  let image: Image = {
    root: root.path,
    // Source: the default of Docker and of the Open Container Initiative.
    env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' },
    user: ['0', '0'],
    workdir: '/',
    entrypoint: [],
    cmd: [],
    healthcheck: [],
    ports: []
  }
  for (const step of steps) {
    if (step.keyword === 'COPY') await copy(step, image, build)
    else if (step.keyword === 'RUN') await runStep(step, root, image)
    else image = { ...image, ...settingOf(step, image) }
    if (step.keyword === 'WORKDIR') await mkdir(join(root.path, image.workdir), { recursive: true })
  }
  return image
}

/** @throws for an unknown instruction */
function settingOf(step: Step, { env }: Image): Partial<Image> {
  const { keyword, text } = step
  switch (keyword) {
    case 'ENV':
      return { env: { ...env, ...Object.fromEntries(wordsOf(step).map(pair => pair.split('=', 2))) } }
    case 'WORKDIR':
      return { workdir: text }
    case 'USER': {
      const [user = '', group = '0'] = text.split(':')
      return { user: [user, group] }
    }
    case 'EXPOSE':
      return { ports: wordsOf(step).map(Number) }
    case 'ENTRYPOINT':
      return { entrypoint: execForm(step) }
    case 'CMD':
      return { cmd: execForm(step) }
    case 'HEALTHCHECK':
      return { healthcheck: execForm({ ...step, text: text.replace(/^CMD\s+/, '') }) }
    default:
      throw new Error(`unknown instruction ${keyword}`)
  }
}

async function copy(step: Step, { root, workdir }: Image, { context, roots }: Build): Promise<void> {
  const { from, chown } = step.flags
  const origin = from === undefined ? context : roots.get(from)?.path
  if (origin === undefined) throw new Error(`COPY --from=${from}: unknown stage`)
  const words = wordsOf(step)
  const target = words.at(-1) ?? ''
  const sources = words.slice(0, -1)
  const to = join(root, target.startsWith('/') ? '' : workdir, target)
  for (const source of sources) {
    const path = join(origin, source)
    const isFolder = (await run('test', ['-d', path])).exitCode === 0
    // Spec: the contents of a folder are copied, and a target that ends with a slash is a folder.
    const into = target.endsWith('/') && !isFolder ? join(to, basename(source)) : to
    await cp(path, into, { recursive: true, verbatimSymlinks: true })
    if (chown === undefined) continue
    // Spec: the owner of what is copied, and not of folders that exist already.
    const copied = isFolder ? (await readdir(path)).map(name => join(into, name)) : [into]
    await run('chown', ['--recursive', chown, ...copied])
  }
}

async function runStep({ text }: Step, root: Root, { workdir }: Image): Promise<void> {
  // Why mounted: the cache may be on a file system that is not part of the overlay.
  const cache = join(root.path, cacheFolder)
  if ((await run('mountpoint', ['--quiet', cache])).exitCode !== 0)
    await run('mount', ['--bind', await npmCache(), cache])
  // Why offline: the tests have no network, and the cache has what `npm ci` of the checkout has fetched.
  const environment = ['npm_config_offline=true', `npm_config_cache=${cacheFolder}`]
  const outcome = await root.run?.('env', ['--chdir', workdir, ...environment, 'sh', '-c', text])
  if (outcome?.exitCode !== 0) throw new Error(`RUN ${text}: ${outcome?.output ?? 'the base image has no shell'}`)
}

async function npmCache(): Promise<string> {
  const { output } = await run('env', ['--unset=NODE_OPTIONS', 'npm', 'config', 'get', 'cache'])
  return output.trim()
}
