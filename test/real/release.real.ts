// The files of a release, without installing them.

import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { run } from './program.ts'
import { buildRelease, releaseFiles } from './release.ts'

const directory = await mkdtemp(join(tmpdir(), 'release-'))
t.teardown(() => rm(directory, { recursive: true, maxRetries: 5 }))
const release = await buildRelease(directory)
const deb = join(release, releaseFiles.deb)

t.test('release: SHA256SUMS matches every other file, and the bill of materials contains Node', async t => {
  const { sbom, executable, licences, deb, sums } = releaseFiles
  const written = await readdir(release)
  t.same(written.sort(), [sbom, executable, licences, deb, sums].sort())
  const { exitCode, output } = await run('sh', ['-c', 'cd "$0" && sha256sum --check SHA256SUMS', release])
  t.equal(exitCode, 0, output)
  t.equal(output.match(/: OK$/gm)?.length, written.length - 1)
  const bill = JSON.parse(await readFile(join(release, sbom), 'utf8'))
  const node = bill.components.find(
    ({ name, type }: { name: string; type: string }) => name === 'node' && type === 'platform'
  )
  t.equal(node?.version, process.versions.node)
})

t.test('release: the same sources and the same executable give the same Debian package', async t => {
  const again = join(directory, 'again')
  await run('mkdir', [again])
  await run('cp', [join(release, releaseFiles.executable), again])
  const before = await run('sha256sum', ['--binary', deb])
  const { exitCode, output } = await run('env', [
    '--unset=NODE_OPTIONS',
    process.execPath,
    '.ci/package/main.ts',
    '--keep',
    '--fast',
    '--output',
    again,
    'deb'
  ])
  t.equal(exitCode, 0, output)
  t.same((await readdir(again)).sort(), [releaseFiles.executable, releaseFiles.deb, releaseFiles.sums].sort())
  const after = await run('sha256sum', ['--binary', join(again, releaseFiles.deb)])
  t.equal(after.output.split(' ')[0], before.output.split(' ')[0])
})

t.test('release: lintian finds no error in the Debian package', async t => {
  const { output } = await run('lintian', ['--tag-display-limit', '0', deb])
  t.same(output.match(/^E: .*$/gm) ?? [], [], output)
})

t.test('release: the Debian package depends on every library that the executable is linked against', async t => {
  const { output } = await run('ldd', [join(release, releaseFiles.executable)])
  const libraries = new Set(Array.from(output.matchAll(/^\s*(?:\/\S*\/)?([\w+-]+)\.so/gm), ([, name = '']) => name))
  // The first three packages: libc6, libstdc++6 and libgcc-s1. The vdso comes from the kernel.
  const provided = ['libc', 'libm', 'libdl', 'libpthread', 'ld-linux-x86-64', 'libstdc++', 'libgcc_s', 'linux-vdso']
  t.same([...libraries].sort(), provided.sort())
})
