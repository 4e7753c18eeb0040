/**
 * What is shipped in config/ beside the settings table.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import t from 'tap'
import Schema from 'typebox/schema'
import { parse } from 'yaml'
import manifest from '../package.json' with { type: 'json' }
import { serve } from '../src/cli/commands/serve.ts'
import { load } from '../src/settings/load/load.ts'
import { runCommand } from './support/cli/terminal.ts'
import { codeBlocks, documents } from './support/docs/documents.ts'
import { faultsOf, type KubernetesObject, readObjects } from './support/kubernetes-objects.ts'
import { matchLists } from './support/match-lists.ts'

const folder = new URL('../config/', import.meta.url)
const read = (name: string) => readFileSync(new URL(name, folder), 'utf8')

const objects = readObjects(read('kubernetes/signpost.yaml'))
const hoster = readObjects(read('kubernetes/hoster.yaml'))
const ofSignpost = ['ConfigMap', 'Deployment', 'PodDisruptionBudget', 'Service', 'Service', 'NetworkPolicy']
const ofCaddy = ['PersistentVolumeClaim', 'Deployment', 'PodDisruptionBudget', 'Service', 'NetworkPolicy']

t.test('config: the Kubernetes manifests are what the schemas of Kubernetes allow', async t => {
  const kindsOf = (all: readonly KubernetesObject[]) => all.map(({ kind }) => kind)
  t.same(kindsOf(objects), [...ofSignpost, 'Ingress'])
  t.same(kindsOf(hoster), [...ofSignpost, ...ofCaddy])
  const recipes = documents()
    .flatMap(codeBlocks)
    .filter(({ language, text }) => language === 'yaml kubernetes' && text.includes('networking.k8s.io'))
    .flatMap(({ text }) => readObjects(text))
  // Why without it: the schemas do not have the Gateway API.
  const ingresses = recipes.filter(({ kind }) => kind !== 'HTTPRoute')
  t.same(kindsOf(ingresses), ['Ingress'])
  t.same(await faultsOf([...objects, ...hoster, ...ingresses], t.testdir()), [])
})

for (const [what, spec, fault] of [
  ['a key that does not exist', { replica: 2 }, '"replica"'],
  ['a value of the wrong kind', { replicas: 'two' }, '/spec/replicas']
] as const) {
  t.test(`config: the schemas of Kubernetes refuse ${what}`, async t => {
    const broken = objects.map(object => (object.kind === 'Deployment' ? withSpec(object, spec) : object))
    const faults = await faultsOf(broken, t.testdir())
    t.ok(faults.some(each => each.includes(fault)))
  })
}

function withSpec(object: KubernetesObject & { readonly spec?: object }, spec: object): KubernetesObject {
  return { ...object, spec: { ...object.spec, ...spec } } as KubernetesObject
}

const tableIn = (all: readonly KubernetesObject[]) => {
  const settings = all.find(({ kind }) => kind === 'ConfigMap') as KubernetesObject & { data: Record<string, string> }
  return load(settings.data['signpost.yaml'] ?? '', 'signpost.yaml')
}

t.test('config: the tables in the Kubernetes manifests may be served', async t => {
  for (const manifests of [objects, hoster]) {
    const { table, findings } = tableIn(manifests)
    t.ok(table)
    t.same(findings, [])
  }
})

t.test(
  'config: the Kubernetes manifest for hosters allows connections to the customer database and no others',
  async t => {
    const { table } = tableIn(hoster)
    const example = load(read('directory/postgres.yaml'), 'postgres.yaml').table?.settings.directory
    t.equal(table?.settings.directory?.query, example?.query)
    t.equal(table?.settings.directory?.channel, example?.channel)
    t.match(read('directory/postgres.sql'), `pg_notify('${example?.channel}', NEW.domain)`)
    const [policy] = hoster.filter(({ kind, metadata }) => kind === 'NetworkPolicy' && metadata.name === 'signpost')
    matchLists(t, policy, {
      spec: { egress: [{ ports: [{ port: 53 }, { port: 53 }] }, { ports: [{ port: 5432 }] }] }
    })
  }
)

t.test('config: the values of the Helm chart fit their schema, and their table may be served', async t => {
  const schema = Schema.Compile(JSON.parse(read('helm/signpost/values.schema.json')))
  const values = parse(read('helm/signpost/values.yaml'))
  t.ok(schema.Check(values))
  t.notOk(schema.Check({ ...values, replicas: 'two' }))
  t.notOk(schema.Check({ ...values, replica: 2 }))
  const storage = { ...values.acme.storage, accessMode: 'ReadOnlyMany' }
  t.notOk(schema.Check({ ...values, acme: { ...values.acme, storage } }))
  t.same(load(JSON.stringify(values.settings), 'values.yaml').findings, [])
})

t.test('config: the Helm chart and the manifests are of this version', async t => {
  const { version, appVersion } = parse(read('helm/signpost/Chart.yaml'))
  t.same([version, appVersion], [manifest.version, manifest.version])
  for (const file of ['signpost', 'hoster']) {
    t.match(read(`kubernetes/${file}.yaml`), `image: signpost:${manifest.version}\n`)
  }
  t.match(read('compose/compose.yaml'), `image: \${SIGNPOST_IMAGE:-signpost:${manifest.version}}\n`)
})

t.test('config: the name of the image is one value, for Kubernetes in the kustomization', async t => {
  const { resources, images } = parse(read('kubernetes/kustomization.yaml'))
  t.same(images, [{ name: 'signpost', newName: 'signpost', newTag: manifest.version }])
  for (const file of resources) t.ok(existsSync(new URL(`kubernetes/${file}`, folder)), file)
  const named = [...objects, ...hoster].filter(object => JSON.stringify(object).includes(`"image":"${images[0].name}:`))
  t.equal(named.length, 2)
})

t.test('config: docker compose mounts existing files, writes nowhere and has no privileges', async t => {
  const { signpost, caddy } = parse(read('compose/compose.yaml')).services
  const [source = ''] = caddy.volumes[0].split(':')
  t.ok(existsSync(new URL(source, new URL('compose/', folder))), source)
  const { code } = await runCommand(serve, ['--print'], signpost.environment)
  t.equal(code, 0, 'its environment makes a table')
  matchLists(t, signpost, { read_only: true, user: '65534:65534', cap_drop: ['ALL'] })
})

t.test(
  'config: docker compose without a proxy stores certificates in a volume, and its ten lines may be served',
  async t => {
    const { signpost } = parse(read('compose/automatic-certificates.yaml')).services
    const { build, image, mem_limit, stop_grace_period, ...rest } = parse(read('compose/compose.yaml')).services
      .signpost
    const { environment: _, networks: __, ...same } = rest
    t.match(signpost, { build, image, mem_limit, stop_grace_period, ...same })
    matchLists(t, signpost, {
      ports: ['80:8080', '443:8443'],
      volumes: ['./settings:/config:ro', 'certificates:/var/lib/signpost']
    })
    const settings = read('compose/settings/signpost.yaml')
    t.ok(settings.trim().split('\n').length <= 10)
    const { table, findings } = load(settings, 'signpost.yaml')
    t.same(findings, [])
    t.ok(table?.settings.http?.tls?.acme?.termsAgreed)
  }
)

t.test('config: every proxy leads to where the table says that Signpost listens', async t => {
  const caddy = ['caddy/Caddyfile', 'caddy/on-demand.Caddyfile']
  for (const file of ['nginx/signpost.conf', ...caddy, 'apache/signpost.conf', 'traefik/signpost.yaml']) {
    t.match(read(file), '127.0.0.1:8080', file)
  }
  t.match(read('caddy/on-demand.Caddyfile'), 'http://127.0.0.1:9090}/internal/tls-ask')
  t.same(Object.keys(parse(read('traefik/signpost.yaml')).http.routers), ['signpost', 'signpost-http'])
})

t.test('config: HAProxy drops the rights of root', async t => {
  t.match(read('haproxy/haproxy.cfg'), /^global\n(?: {4}.*\n)* {4}user haproxy\n {4}group haproxy\n {4}chroot /m)
})

t.test(
  'config: the recipe for Traefik has labels that Traefik knows, and the same names on http and https',
  async t => {
    const [block] = documents()
      .flatMap(codeBlocks)
      .filter(({ text }) => text.includes('traefik.enable'))
    const { labels } = parse(block?.text ?? '').services.signpost
    // Source: https://doc.traefik.io/traefik/reference/routing-configuration/other-providers/docker/
    const known =
      /^traefik\.(?:enable|http\.(?:services\.[\w-]+\.loadbalancer\.server\.port|routers\.[\w-]+\.(?:rule|entrypoints|tls\.certresolver)))$/
    t.same(
      Object.keys(labels).filter(name => !known.test(name)),
      []
    )
    for (const value of Object.values(labels)) t.type(value, 'string')
    const router = (name: string) => labels[`traefik.http.routers.${name}.rule`]
    t.match(router('signpost'), /^Host\(`autoconfig\.example\.com`\)(?: \|\| Host\(`[\w.-]+`\))*$/)
    t.equal(router('signpost-http'), router('signpost'))
  }
)

t.test('config: the documentation names every folder of it', async t => {
  const text = documents()
    .map(({ text }) => text)
    .join('\n')
  const folders = readdirSync(folder, { withFileTypes: true }).filter(entry => entry.isDirectory())
  for (const { name } of folders) t.match(text, `config/${name}`)
})

t.test('config: nothing is found in the tables with a directory', async t => {
  const files = readdirSync(new URL('directory/', folder)).filter(file => file.endsWith('.yaml'))
  t.ok(files.length >= 5)
  for (const file of files) {
    const { table, findings } = load(read(`directory/${file}`), file)
    t.ok(table?.settings.directory, file)
    t.same(findings, [], file)
  }
})
