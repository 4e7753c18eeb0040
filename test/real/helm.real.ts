// The Helm chart, rendered by Helm's own template engine and checked against the schemas of Kubernetes.

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import t from 'tap'
import { parse, stringify } from 'yaml'
import { defaultStorage } from '../../src/settings/check/tls.ts'
import { load } from '../../src/settings/load/load.ts'
import { codeBlocks, documents } from '../support/docs/documents.ts'
import { faultsOf, type KubernetesObject, readObjects } from '../support/kubernetes-objects.ts'
import { run } from './program.ts'

const directory = await mkdtemp(join(tmpdir(), 'helm-'))
t.teardown(() => rm(directory, { recursive: true }))

// Why off: Debian installs Go libraries in the folders that Go used before modules.
const env = { ...process.env, GO111MODULE: 'off', GOPATH: '/usr/share/gocode', GOCACHE: join(directory, 'cache') }
const program = join(directory, 'helm-template')
Object.assign(process.env, env)
const built = await run('go', ['build', '-o', program, 'test/real/helm-template.go'])
if (built.exitCode !== 0) throw new Error(built.output)

async function render(values: object): Promise<KubernetesObject[]> {
  const file = join(directory, 'values.json')
  await writeFile(file, JSON.stringify(values))
  const { exitCode, output } = await run(program, ['config/helm/signpost', file])
  if (exitCode !== 0) throw new Error(output)
  return readObjects(output)
}

const kindsOf = (objects: readonly KubernetesObject[]) => objects.map(({ kind }) => kind).sort()
const all = ['ConfigMap', 'Deployment', 'Ingress', 'NetworkPolicy', 'PodDisruptionBudget', 'Service', 'Service']

t.test('helm: the default chart matches the schemas of Kubernetes', async t => {
  const objects = await render({})
  t.same(kindsOf(objects), all)
  t.same(await faultsOf(objects, t.testdir()), [])
  const { data } = objects.find(({ kind }) => kind === 'ConfigMap') as KubernetesObject & {
    data: Record<string, string>
  }
  t.same(load(data['signpost.yaml'] ?? '', 'signpost.yaml').findings, [], 'and contains a valid table')
})

t.test('helm: with every value set, the chart matches the schemas of Kubernetes', async t => {
  const objects = await render({
    image: { repository: 'registry.example.com/signpost', tag: '1.2.3' },
    imagePullSecrets: [{ name: 'registry' }],
    replicas: 5,
    secret: 'signing',
    egress: [{ ports: [{ port: 5432 }] }],
    nodeSelector: { 'kubernetes.io/os': 'linux' },
    tolerations: [{ key: 'mail', operator: 'Exists' }],
    affinity: { podAntiAffinity: {} }
  })
  t.same(kindsOf(objects), all)
  t.same(await faultsOf(objects, t.testdir()), [])
  const text = JSON.stringify(objects)
  for (const value of ['registry.example.com/signpost:1.2.3', '"replicas":5', '/secrets', '5432', 'kubernetes.io/os']) {
    t.match(text, value)
  }
})

t.test('helm: one replica without an ingress has neither a budget nor an ingress', async t => {
  const objects = await render({ replicas: 1, ingress: { enabled: false } })
  t.same(kindsOf(objects), ['ConfigMap', 'Deployment', 'NetworkPolicy', 'Service', 'Service'])
  t.same(await faultsOf(objects, t.testdir()), [])
})

const agreed = { enabled: true, termsAgreed: true }
const withCertificates = ['ConfigMap', 'Deployment', 'NetworkPolicy', 'PersistentVolumeClaim', 'Service', 'Service']

/** @returns the object of a kind, as text with one line for each field */
function partsOf(objects: readonly KubernetesObject[], kind: string): string {
  return stringify(
    objects.find(each => each.kind === kind),
    { flowCollectionPadding: false }
  )
}

t.test(
  'helm: with acme, one pod has a volume for its certificates and a load balancer on ports 80 and 443',
  async t => {
    const objects = await render({ replicas: 1, acme: { ...agreed, email: 'hostmaster@example.com' } })
    t.same(kindsOf(objects), withCertificates)
    t.same(await faultsOf(objects, t.testdir()), [])
    const { data } = objects.find(({ kind }) => kind === 'ConfigMap') as KubernetesObject & {
      data: Record<string, string>
    }
    const { table, findings } = load(data['signpost.yaml'] ?? '', 'signpost.yaml')
    t.same(findings, [])
    const { http } = table?.settings ?? {}
    t.same(http, { port: 8080, tls: { acme: { termsAgreed: true, email: 'hostmaster@example.com' } } })

    const deployment = partsOf(objects, 'Deployment')
    t.match(deployment, 'type: Recreate')
    t.match(deployment, 'claimName: mail-certificates')
    t.match(deployment, `mountPath: ${dirname(defaultStorage)}`)
    t.match(deployment, 'readOnlyRootFilesystem: true')
    t.match(deployment, /fsGroup: 65534\n +fsGroupChangePolicy: OnRootMismatch/)
    t.match(deployment, 'containerPort: 8443')
    t.match(partsOf(objects, 'PersistentVolumeClaim'), 'helm.sh/resource-policy: keep')
    const service = partsOf(objects, 'Service')
    t.match(service, 'type: LoadBalancer')
    t.match(service, 'externalTrafficPolicy: Local')
    for (const port of [80, 443]) t.match(service, `port: ${port}`)
    const policy = partsOf(objects, 'NetworkPolicy')
    for (const port of [53, 80, 443]) t.match(policy, `port: ${port}`)
  }
)

t.test('helm: the values in the guides match the schemas of Kubernetes', async t => {
  const guides = documents()
    .flatMap(codeBlocks)
    .filter(({ language }) => language === 'yaml helm')
  t.ok(guides.length >= 2)
  for (const { path, text } of guides) t.same(await faultsOf(await render(parse(text)), t.testdir()), [], path)
})

t.test('helm: with acme, several pods need a volume that all nodes share', async t => {
  const storage = { existingClaim: 'shared', accessMode: 'ReadWriteMany' }
  const more = { egress: [{ ports: [{ port: 5432 }] }], service: { annotations: { size: 'small' } } }
  const objects = await render({ replicas: 3, acme: { ...agreed, storage }, ...more })
  t.same(
    kindsOf(objects),
    withCertificates.map(each => each.replace('PersistentVolumeClaim', 'PodDisruptionBudget'))
  )
  t.same(await faultsOf(objects, t.testdir()), [])
  t.match(partsOf(objects, 'Deployment'), 'claimName: shared')
  t.match(partsOf(objects, 'Deployment'), 'maxSurge: 1')
  t.match(partsOf(objects, 'NetworkPolicy'), 'port: 5432')
  t.match(partsOf(objects, 'Service'), 'size: small')
  const made = await render({
    replicas: 3,
    acme: { ...agreed, storage: { ...storage, existingClaim: '', storageClass: 'nfs' } }
  })
  t.same(await faultsOf(made, t.testdir()), [])
  t.match(partsOf(made, 'PersistentVolumeClaim'), 'storageClassName: nfs')
  for (const accessMode of ['ReadWriteOnce', 'ReadWriteOncePod']) {
    await t.rejects(
      render({ replicas: 2, acme: { ...agreed, storage: { accessMode } } }),
      new RegExp(
        `replicas: 2 pods need one folder for their certificates, and acme.storage.accessMode is ${accessMode}\\.`
      )
    )
  }
})

t.test('helm: with acme, the terms of the certificate authority must be accepted', async t => {
  await t.rejects(
    render({ replicas: 1, acme: { enabled: true } }),
    /acme\.termsAgreed: .* https:\/\/letsencrypt\.org\/repository\//
  )
})

t.test('helm: with acme, X-Forwarded-For counts only from a load balancer that sends the PROXY protocol', async t => {
  const http = { proxyProtocol: true, tls: { port: 8444, acme: { names: ['signpost.example.com'] } } }
  const acme = { ...agreed, directory: 'https://ca.example/dir' }
  const objects = await render({ replicas: 1, acme, settings: { http } })
  const { data } = objects.find(({ kind }) => kind === 'ConfigMap') as KubernetesObject & {
    data: Record<string, string>
  }
  const { table, findings } = load(data['signpost.yaml'] ?? '', 'signpost.yaml')
  t.same(findings, [])
  t.same(table?.settings.http, {
    port: 8080,
    trustProxy: ['10.0.0.0/8'],
    proxyProtocol: true,
    tls: {
      port: 8444,
      acme: { termsAgreed: true, names: ['signpost.example.com'], directory: 'https://ca.example/dir' }
    }
  })
  t.match(partsOf(objects, 'Deployment'), 'containerPort: 8444')
})
