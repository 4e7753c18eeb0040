/**
 * The entry of the command, under versions of Node that are pretended. test/real/node-versions.real.ts takes real ones.
 */
import { execFile, spawn } from 'node:child_process'
import { text as readAll } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import manifest from '../package.json' with { type: 'json' }
import { uncovered } from './support/child-processes.ts'
import { exampleSettings } from './support/served-app.ts'

const entry = fileURLToPath(new URL('../src/signpost.cjs', import.meta.url))

for (const version of ['12.0.0', '20.20.2', '22.17.1', '23.11.0', '24.10.0', '25.1.0']) {
  t.test(`signpost: refuses Node ${version}, and names the versions that it needs`, async t => {
    const { code, out, err } = await signpost(version, { coverage: version === '12.0.0' })
    t.same({ code, out }, { code: 2, out: '' })
    t.match(err, /^signpost: Signpost needs Node 22 from 22\.18, Node 24 from 24\.11, or Node 26 or later\.\n/)
    t.match(err, `This is Node ${version}: ${process.execPath}\n`)
    t.match(err, '"npm ci" without --omit=dev')
  })
}

for (const version of ['22.18.0', '22.99.0', '24.11.0', '26.0.0', '30.1.0']) {
  t.test(`signpost: runs the command under Node ${version}`, async t => {
    t.same(await signpost(version, { coverage: version === '22.18.0' }), {
      code: 0,
      out: `signpost ${manifest.version}\n`,
      err: ''
    })
  })
}

t.test('signpost: package.json states the same versions', async t => {
  t.equal(manifest.engines.node, '^22.18.0 || ^24.11.0 || >=26.0.0')
})

/** Code of a primary process that forks a worker and is killed: at once, or when a message of the worker arrives. */
const moments = {
  'at once': 'die()',
  'when the worker runs': "worker.process.on('internalMessage', ({ act }) => act === 'online' && die())"
}

for (const [moment, code] of Object.entries(moments)) {
  t.test(`signpost: a worker whose primary process is killed ${moment} ends without a message`, async t => {
    const text = JSON.stringify(exampleSettings)
    const task = `{ file: 'a.yaml', text: ${text}, addresses, workers: 2, isMeasured: false }`
    const primary = `
      const cluster = require('node:cluster')
      const die = () => process.kill(process.pid, 'SIGKILL')
      const addresses = { http: { host: '127.0.0.1', port: 0 } }
      cluster.setupPrimary({ exec: ${JSON.stringify(entry)}, execArgv: [], args: ['serve'], stdio: ['ignore', 2, 2, 'ipc', 2] })
      const worker = cluster.fork({ SIGNPOST_WORKER: 1 })
      worker.on('error', () => undefined)
      worker.process.send(${task}, () => undefined)
      ${code}`
    // Why without tap, which adds itself to the options: a worker must have nothing to load before Signpost.
    const alone = moment === 'at once' ? 'unset NODE_OPTIONS; ' : ''
    const args = ['-c', `${alone}exec "$0" "$@"`, process.execPath, '-e', primary]
    const child = spawn('sh', args, { stdio: ['ignore', 'ignore', 'pipe'] })
    // Why: the worker has the same pipe, which closes when both have ended.
    t.equal(await readAll(child.stderr), '')
  })
}

interface PretendOptions {
  readonly coverage: boolean
}

interface Ended {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** @param version the value of `process.versions.node`. @returns how `signpost --version` ends */
function signpost(version: string, { coverage }: PretendOptions): Promise<Ended> {
  const pretend = `Object.defineProperty(process,'versions',{value:{...process.versions,node:'${version}'}})`
  const args = ['--import', `data:text/javascript,${encodeURIComponent(pretend)}`, entry, '--version']
  return new Promise(resolve => {
    const env = { ...process.env, ...(!coverage && uncovered) }
    execFile(process.execPath, args, { env }, (error, out, err) =>
      resolve({ code: Number(error?.code ?? 0), out, err })
    )
  })
}
