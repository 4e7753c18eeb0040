// The container image, built without an engine, and run as Docker, Compose and Kubernetes run it: as its user, with a root
// that cannot be written to, and with the commands and files of the documentation.

import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { parse, parseAllDocuments } from 'yaml'
import manifest from '../../package.json' with { type: 'json' }
import lock from '../../package-lock.json' with { type: 'json' }
import { certificateAt, filesIn, waitFor } from './acme-site.ts'
import { type Container, type RunOptions, runContainer, startContainer } from './container/container.ts'
import { buildImage } from './container/image.ts'
import { createVolume, publishPort } from './container/volume.ts'
import { startDnsStub } from './dns-stub.ts'
import { askEveryDialect } from './every-dialect.ts'
import { DNS_ADDRESS, WORLD_ADDRESS } from './namespace.ts'
import { servesOverHttps } from './over-https.ts'
import { PEBBLE_HOST, startPebble } from './pebble.ts'
import { run } from './program.ts'

const origin = 'http://localhost:8080'
const address = 'jane@example.com'
const imapHost = 'mail.example.com'
const stateFolder = '/var/lib/signpost'
/** Where the ports of the image are published. */
const publicPorts = new Map([
  [8080, 80],
  [8443, 443]
])

const directory = await mkdtemp(join(tmpdir(), 'container-'))
t.teardown(() => rm(directory, { recursive: true, maxRetries: 5 }))
// Why: the user of the image must reach mounted folders.
await Promise.all([tmpdir(), directory].map(each => chmod(each, 0o755)))

const { image, close } = await buildImage(join(directory, 'build'))
t.teardown(close)

const compose = parse(await readFile('config/compose/compose.yaml', 'utf8')).services.signpost
const [configMap, deployment] = parseAllDocuments(await readFile('config/kubernetes/signpost.yaml', 'utf8')).map(each =>
  each.toJS()
)

t.test('container: the image has Node, the compiled program and its packages, and nothing else', async t => {
  const names = async (folder: string) => (await readdir(join(image.root, folder))).sort()
  t.same(await names('app'), ['config', 'dist', 'node_modules', 'package.json'])
  t.same(await names('config'), ['signpost.template.yaml'])
  t.same(await names('usr/bin'), [])
  t.same(await names('usr/local/bin'), ['node'])
  const needed = Object.entries(lock.packages).flatMap(([path, entry]) =>
    path.lastIndexOf('node_modules/') === 0 && !('dev' in entry) ? [path.slice('node_modules/'.length)] : []
  )
  const installed = (await names('app/node_modules')).filter(name => !name.startsWith('.'))
  // Why: npm leaves the folders of scopes whose packages it has removed.
  const nested = installed.map(async name =>
    name.startsWith('@') ? (await names(`app/node_modules/${name}`)).map(each => `${name}/${each}`) : [name]
  )
  t.same((await Promise.all(nested)).flat().sort(), needed.sort())
  t.same(await runContainer(image, { cmd: ['--version'] }), { exitCode: 0, output: `signpost ${manifest.version}\n` })
})

t.test('container: without settings, it explains in five lines how to get some', async t => {
  const { exitCode, output } = await runContainer(image)
  t.equal(exitCode, 2)
  t.equal(output.trimEnd().split('\n').length, 5)
  t.match(output, 'SIGNPOST_DOMAINS=example.com SIGNPOST_HOST=mail.example.com')
})

t.test('container: a container in which nothing listens is unhealthy', async t => {
  t.equal((await runContainer({ ...image, entrypoint: image.healthcheck, cmd: [] })).exitCode, 1)
})

for (const [line, pages] of await dockerLines('')) {
  t.test(`container: docker run as in ${pages.join(', ')} serves every dialect`, async t => {
    const options = await optionsOf(line)
    const container = await startContainer(image, options)
    await askEveryDialect(t, { origin, address, config: await tableOf(options), imapHost })
    await runsUnprivileged(t, container)
    await stops(t, container)
  })
}

for (const [line, pages] of await dockerLines(' \\w.*')) {
  t.test(`container: docker run ${line} as in ${pages.join(', ')} runs another command`, async t => {
    const [before = '', command = ''] = line.split(' signpost ')
    const { exitCode, output } = await runContainer(image, { ...(await optionsOf(before)), cmd: command.split(' ') })
    if (command === 'check') {
      t.equal(exitCode, 0)
      t.match(output, '/config/signpost.yaml: provider example')
    } else {
      // Why: the tests have no network.
      t.match(output, 'AC_NO_RESOLVER')
    }
  })
}

t.test('container: serves the environment of the Compose file, with its restrictions', async t => {
  const { read_only, user, cap_drop, init } = compose
  t.same(
    { read_only, user, cap_drop, init },
    { read_only: true, user: image.user.join(':'), cap_drop: ['ALL'], init: true }
  )
  const options = { env: compose.environment }
  const container = await startContainer(image, options)
  await askEveryDialect(t, { origin, address, config: await tableOf(options), imapHost })
  await stops(t, container)
})

t.test('container: with the Compose file for it, it obtains its certificates itself', async t => {
  const { services, volumes } = parse(await readFile('config/compose/automatic-certificates.yaml', 'utf8'))
  const { ports, volumes: mounts, ...service } = services.signpost
  t.match(service, { read_only: true, user: image.user.join(':'), init: true })
  t.same([service.cap_drop, service.security_opt], [['ALL'], ['no-new-privileges:true']])
  t.same(ports, ['80:8080', '443:8443'])
  t.same(image.ports, [8080, 8443])
  t.same(mounts, ['./settings:/config:ro', `certificates:${stateFolder}`])
  t.same(Object.keys(volumes), ['certificates'])

  const domain = 'one.test'
  const names = [`autoconfig.${domain}`, `autodiscover.${domain}`]
  const dns = await startDnsStub({ hosts: [PEBBLE_HOST, ...names] })
  t.teardown(dns.stop)
  await writeFile(join(image.root, 'etc/resolv.conf'), `nameserver ${DNS_ADDRESS}\n`)
  const pebble = await startPebble(join(directory, 'pebble'))
  t.teardown(pebble.stop)
  for (const [outside, inside] of ports.map((each: string) => each.split(':').map(Number))) {
    t.teardown(await publishPort({ host: WORLD_ADDRESS, port: outside }, inside))
  }

  const settings = parse(await readFile('config/compose/settings/signpost.yaml', 'utf8'))
  Object.assign(settings.http.tls.acme, { directory: pebble.directory, ca: 'ca.pem' })
  settings.providers[0].domains = [domain]
  const folder = await folderWith('signpost.yaml', JSON.stringify(settings))
  await cp(pebble.ca, join(folder, 'ca.pem'))
  await run('chmod', ['a+r', join(folder, 'ca.pem')])
  const certificates = join(directory, 'certificates')
  await createVolume(image, stateFolder, certificates)
  t.equal((await stat(certificates)).mode & 0o777, 0o700)

  // Spec: in Kubernetes, a volume belongs to root and to the group of the pod (fsGroup).
  const claim = join(directory, 'claim')
  await mkdir(claim)
  await run('chown', [`0:${image.user[1]}`, claim])
  await run('chmod', ['2775', claim])

  const isValid = (name: string) => certificateAt(name, { ca: pebble.root })
  for (const [what, volume, orders] of [
    ['a new volume', certificates, 1],
    ['the same volume', certificates, 1],
    ['a volume of Kubernetes', claim, 2]
  ] as const) {
    const container = await startContainer(image, {
      mounts: { '/config': folder },
      volumes: { [stateFolder]: volume }
    })
    for (const name of names) await waitFor(() => isValid(name), join(directory, 'pebble/pebble.log'))
    await servesOverHttps(t, domain, { root: pebble.root, imapHost })
    await runsUnprivileged(t, container)
    await stops(t, container)
    t.equal(pebble.readLog().match(/Added order/g)?.length, orders, `orders with ${what}`)
  }
  for (const volume of [certificates, claim]) {
    const files = await filesIn(volume)
    t.ok(files.some(path => path.endsWith(`/${domain}.pem`)))
    for (const path of files) {
      const { mode, uid } = await stat(path)
      t.same([mode & 0o777, String(uid)], [0o600, image.user[0]], path)
    }
  }
})

t.test('container: serves the ConfigMap of the Kubernetes manifest, and answers its probes', async t => {
  const [{ ports, volumeMounts, securityContext, ...probes }] = deployment.spec.template.spec.containers
  const { runAsUser, runAsGroup } = deployment.spec.template.spec.securityContext
  t.same([runAsUser, runAsGroup].map(String), image.user)
  t.equal(securityContext.readOnlyRootFilesystem, true)
  const folder = await folderWith('signpost.yaml', configMap.data['signpost.yaml'])
  const container = await startContainer(image, { mounts: { [volumeMounts[0].mountPath]: folder } })
  for (const name of ['startupProbe', 'readinessProbe', 'livenessProbe']) {
    const { path, port } = probes[name].httpGet
    const { containerPort } = ports.find((each: { name: string }) => each.name === port)
    t.equal((await fetch(`http://127.0.0.1:${containerPort}${path}`)).status, 200, name)
  }
  await askEveryDialect(t, { origin, address, config: join(folder, 'signpost.yaml'), imapHost })
  await stops(t, container)
})

t.test('container: two workers serve, and stop with it', async t => {
  const env = { SIGNPOST_DOMAINS: 'example.com', SIGNPOST_HOST: imapHost, SIGNPOST_WORKERS: '2' }
  const container = await startContainer(image, { env })
  t.match((await run('pgrep', ['--parent', String(container.pid)])).output, /^\d+\n\d+\n$/)
  await stops(t, container)
})

t.test('container: the template is a starting point, and check explains what is missing', async t => {
  const template = await readFile(join(image.root, 'config/signpost.template.yaml'), 'utf8')
  const folder = await folderWith('signpost.yaml', template)
  const { exitCode, output } = await runContainer(image, { mounts: { '/config': folder } })
  t.equal(exitCode, 2)
  t.match(output, '/config/signpost.yaml has only comments')
  const served = await folderWith('signpost.yaml', template.replace(/^#(?! )/gm, ''))
  const check = await runContainer(image, { mounts: { '/config': served }, cmd: ['check'] })
  t.notMatch(check.output, 'AC_NO_SETTINGS')
  t.match(check.output, '/config/signpost.yaml')
})

/**
 * @param command a pattern for the text after the name of the image
 * @returns the matching command lines in all pages, starting with the options, and the pages of each
 */
async function dockerLines(command: string): Promise<Map<string, string[]>> {
  const guides = (await readdir('docs/guides')).map(name => `docs/guides/${name}`)
  const pattern = new RegExp(`docker run ([^\`\\n]+?) (?:ghcr\\.io/OWNER/)?signpost(${command})(?=\`|$)`, 'gm')
  const lines = new Map<string, string[]>()
  for (const page of ['README.md', ...guides]) {
    for (const [, options = '', rest = ''] of (await readFile(page, 'utf8')).matchAll(pattern)) {
      const line = rest === '' ? options : `${options} signpost${rest}`
      lines.set(line, [...(lines.get(line) ?? []), page])
    }
  }
  if (lines.size === 0) throw new Error('no page has such a docker run line')
  return lines
}

/** @throws for an option that this test does not know */
async function optionsOf(line: string): Promise<RunOptions> {
  const env: Record<string, string> = {}
  const mounts: Record<string, string> = {}
  const volumes: Record<string, string> = {}
  const published = new Set(['8080:8080', ...image.ports.map(port => `${publicPorts.get(port)}:${port}`)])
  // Why: containers of this test have these restrictions in any case.
  const said = line.replaceAll(/--(?:rm|init|detach|read-only|cap-drop ALL|security-opt no-new-privileges)\b/g, '')
  for (const [, option, value = ''] of said.matchAll(/(\S+) (\S+)/g)) {
    const [name = '', setting = ''] = value.split('=')
    if (option === '-e') env[name] = setting
    else if (option === '-v' && value === '"$PWD/config:/config:ro"') mounts['/config'] = await exampleFolder()
    else if (option === '-v' && value === `signpost:${stateFolder}`) volumes[stateFolder] = await newVolume()
    else if (option !== '-p' || !published.has(value)) throw new Error(`unknown option ${option} ${value}`)
  }
  return { env, mounts, volumes }
}

async function newVolume(): Promise<string> {
  const folder = join(directory, `volume-${++folders}`)
  await createVolume(image, stateFolder, folder)
  return folder
}

/** @returns the folder of a user's settings file */
function exampleFolder(): Promise<string> {
  const servers = ['imap', 'smtp'].map(protocol => ({ protocol, host: imapHost }))
  return folderWith(
    'signpost.yaml',
    JSON.stringify({ providers: [{ id: 'example', name: 'Example', domains: ['example.com'], servers }] })
  )
}

/** @returns a settings file that is equivalent to the options of a container */
async function tableOf({ env, mounts }: RunOptions): Promise<string> {
  const mounted = mounts?.['/config']
  if (mounted !== undefined) return join(mounted, 'signpost.yaml')
  const { output } = await runContainer(image, { env: env ?? {}, cmd: ['serve', '--print'] })
  return join(await folderWith('signpost.yaml', output), 'signpost.yaml')
}

let folders = 0

async function folderWith(name: string, text: string): Promise<string> {
  const folder = join(directory, `folder-${++folders}`)
  await mkdir(folder)
  await cp('config/signpost.schema.json', join(folder, 'signpost.schema.json'))
  await writeFile(join(folder, name), text)
  return folder
}

async function runsUnprivileged(t: Test, { pid }: Container): Promise<void> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  const [uid, gid] = image.user
  t.match(status, new RegExp(`^Uid:\\s+${uid}\\s+${uid}\\s`, 'm'))
  t.match(status, new RegExp(`^Gid:\\s+${gid}\\s+${gid}\\s`, 'm'))
  t.match(status, /^CapEff:\s+0+$/m)
  const mounts = await readFile(`/proc/${pid}/mountinfo`, 'utf8')
  t.match(mounts, / \/ ro,/)
}

async function stops(t: Test, container: Container): Promise<void> {
  t.equal(await container.isHealthy(), true)
  const { exitCode, output } = await container.stop()
  t.match(output, '"msg":"stopped"')
  t.equal(exitCode, 0)
}
