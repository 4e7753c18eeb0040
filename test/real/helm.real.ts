// The Helm chart, rendered by Helm's own template engine and checked against the schemas of Kubernetes.

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { load } from '../../src/settings/load/load.ts'
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
