/**
 * The entry of the command, under versions of Node that are pretended. test/real/node-versions.real.ts takes real ones.
 */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import manifest from '../package.json' with { type: 'json' }

const entry = fileURLToPath(new URL('../src/signpost.cjs', import.meta.url))

for (const version of ['12.0.0', '20.20.2', '22.17.1', '23.11.0', '24.10.0', '25.1.0']) {
  t.test(`signpost: refuses Node ${version}, and names the versions that it needs`, async t => {
    const { code, out, err } = await signpost(version)
    t.same({ code, out }, { code: 2, out: '' })
    t.match(err, /^signpost: Signpost needs Node 22 from 22\.18, Node 24 from 24\.11, or Node 26 or later\.\n/)
    t.match(err, `This is Node ${version}: ${process.execPath}\n`)
    t.match(err, '"npm ci" without --omit=dev')
  })
}

for (const version of ['22.18.0', '22.99.0', '24.11.0', '26.0.0', '30.1.0']) {
  t.test(`signpost: runs the command under Node ${version}`, async t => {
    t.same(await signpost(version), { code: 0, out: `signpost ${manifest.version}\n`, err: '' })
  })
}

t.test('signpost: npm is told the same versions', async t => {
  t.equal(manifest.engines.node, '^22.18.0 || ^24.11.0 || >=26.0.0')
})

/** @param version what `process.versions.node` says. @returns how `signpost --version` ends */
function signpost(version: string): Promise<{ code: number; out: string; err: string }> {
  const pretend = `Object.defineProperty(process,'versions',{value:{...process.versions,node:'${version}'}})`
  const args = ['--import', `data:text/javascript,${encodeURIComponent(pretend)}`, entry, '--version']
  return new Promise(resolve => {
    execFile(process.execPath, args, (error, out, err) => resolve({ code: Number(error?.code ?? 0), out, err }))
  })
}
