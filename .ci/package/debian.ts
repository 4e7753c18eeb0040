/**
 * The Debian package: the executable with its unit, settings, manual and completions. Source: Debian Policy 4.6.
 */
import { createHash } from 'node:crypto'
import { chmod, copyFile, cp, mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { CommandLine } from './command-line.ts'
import { bashCompletion, fishCompletion, zshCompletion } from './completions.ts'
import { manualPage } from './manual-page.ts'
import { run } from './run.ts'
import { debianUnit } from './unit.ts'

export interface DebianOptions {
  readonly version: string
  /** Debian's name of the processor: amd64 or arm64. */
  readonly architecture: string
  readonly executable: string
  readonly commands: readonly CommandLine[]
  readonly licences: string
  readonly date: Date
  /** Level of xz: 0 to 9. */
  readonly compression: number
}

/** What Node is linked against: test/real/deb.real.ts compares it with the executable. */
const depends = ['adduser', 'init-system-helpers (>= 1.52)', 'libc6 (>= 2.28)', 'libgcc-s1', 'libstdc++6 (>= 10.2)']

/** Where people find the project and its maintainers: of the repository that builds, else nobody's. */
const { GITHUB_REPOSITORY, GITHUB_SERVER_URL, GITHUB_REPOSITORY_OWNER, DEBFULLNAME, DEBEMAIL } = process.env
const homepage = GITHUB_REPOSITORY === undefined ? [] : [`Homepage: ${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}`]
const owner = GITHUB_REPOSITORY_OWNER ?? 'signpost'
const maintainer = `${DEBFULLNAME ?? owner} <${DEBEMAIL ?? `${owner}@users.noreply.github.com`}>`

/** @param file where to write it */
export async function writeDebianPackage(file: string, options: DebianOptions): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'signpost-deb-'))
  try {
    await chmod(root, 0o755)
    await fill(root, options)
    await describe(root, options)
    await setTimes(root, options.date)
    const { compression, date } = options
    const args = ['--root-owner-group', '-Zxz', `-z${compression}`, '--build', root, file]
    await run('dpkg-deb', args, { env: { SOURCE_DATE_EPOCH: String(date.getTime() / 1000) } })
  } finally {
    await rm(root, { recursive: true })
  }
}

async function fill(root: string, { executable, commands, licences, version, date }: DebianOptions): Promise<void> {
  const put = async (path: string, content: string | Buffer, mode = 0o644) => {
    await mkdir(join(root, dirname(path)), { recursive: true })
    await writeFile(join(root, path), content, { mode })
  }
  await mkdir(join(root, 'usr/bin'), { recursive: true })
  await copyFile(executable, join(root, 'usr/bin/signpost'))
  await chmod(join(root, 'usr/bin/signpost'), 0o755)
  await put('usr/lib/signpost/is-configured', await readFile('config/debian/is-configured'), 0o755)
  await put(
    'usr/lib/systemd/system/signpost.service',
    debianUnit(await readFile('config/systemd/signpost.service', 'utf8'))
  )

  const table = await readFile('config/signpost.template.yaml', 'utf8')
  await put(
    'usr/share/signpost/signpost.template.yaml',
    table.replace('./signpost.schema.json', '/usr/share/signpost/signpost.schema.json')
  )
  await put('usr/share/signpost/signpost.schema.json', await readFile('config/signpost.schema.json'))

  await put('usr/share/man/man1/signpost.1.gz', gzip(manualPage(commands, { version, date })))
  await put('usr/share/bash-completion/completions/signpost', bashCompletion(commands))
  await put('usr/share/zsh/vendor-completions/_signpost', zshCompletion(commands))
  await put('usr/share/fish/vendor_completions.d/signpost.fish', fishCompletion(commands))

  const doc = 'usr/share/doc/signpost'
  await put(`${doc}/copyright`, copyright(await readFile('LICENSE', 'utf8')))
  await put(`${doc}/LICENCES.gz`, gzip(licences))
  await put(`${doc}/changelog.gz`, gzip(debianChangelog(version, date)))
  await put(`${doc}/CHANGELOG.md.gz`, gzip(await readFile('CHANGELOG.md', 'utf8')))
  await put(`${doc}/README.md.gz`, gzip(await readFile('README.md', 'utf8')))
  await put(`${doc}/examples/signpost.yaml`, await readFile('config/signpost.yaml'))
  for (const name of ['apache', 'caddy', 'directory', 'grafana', 'nginx', 'prometheus', 'traefik']) {
    await cp(join('config', name), join(root, doc, 'examples', name), { recursive: true })
  }
  await put('usr/share/lintian/overrides/signpost', await readFile('config/debian/lintian-overrides'))
}

/**
 * The control files. Source: deb-control(5). Why no conffiles: dpkg would ask about the settings whenever their template changes,
 * and unattended upgrades would stop at the question. postinst copies the template instead.
 */
async function describe(root: string, { version, architecture }: DebianOptions): Promise<void> {
  const files = (await filesBelow(root)).sort()
  const sizes = await Promise.all(files.map(async path => Math.ceil((await stat(join(root, path))).size / 1024)))
  const sums = await Promise.all(
    files.map(
      async path =>
        `${createHash('md5')
          .update(await readFile(join(root, path)))
          .digest('hex')}  ${path}\n`
    )
  )
  const control = [
    'Package: signpost',
    `Version: ${version}`,
    `Architecture: ${architecture}`,
    `Maintainer: ${maintainer}`,
    `Installed-Size: ${sizes.reduce((sum, size) => sum + size, 0)}`,
    `Depends: ${depends.join(', ')}`,
    'Recommends: ca-certificates',
    'Section: mail',
    'Priority: optional',
    ...homepage,
    'Description: mail autoconfiguration server',
    ' Mail programs ask it for the servers, ports and login names of an address: it',
    ' answers Thunderbird autoconfig, Outlook autodiscover, Apple profiles, PACC and',
    ' others, and shows people a page with instructions. All answers come from one',
    ' settings table.'
  ]
  const folder = join(root, 'DEBIAN')
  await mkdir(folder)
  await writeFile(join(folder, 'control'), `${control.join('\n')}\n`)
  await writeFile(join(folder, 'md5sums'), sums.join(''))
  for (const name of ['postinst', 'prerm', 'postrm']) {
    await writeFile(join(folder, name), await readFile(join('config/debian', name)), { mode: 0o755 })
  }
}

function copyright(own: string): string {
  return `Signpost\n\n${own}\nThe executable contains Node.js and packages from npm; LICENCES.gz beside this file has their licences.\n`
}

function debianChangelog(version: string, date: Date): string {
  const when = date.toUTCString().replace('GMT', '+0000')
  return `signpost (${version}) stable; urgency=medium\n\n  * See CHANGELOG.md.gz.\n\n -- ${maintainer}  ${when}\n`
}

function gzip(text: string): Buffer {
  return gzipSync(text, { level: 9 })
}

/** @returns paths relative to the folder */
async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter(entry => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1))
}

/** Why: the same sources must give the same package. */
async function setTimes(root: string, date: Date): Promise<void> {
  for (const path of await readdir(root, { recursive: true })) {
    const file = join(root, path)
    await utimes(file, date, date)
    await chmod(file, (await stat(file)).mode & 0o755)
  }
  await utimes(root, date, date)
}
