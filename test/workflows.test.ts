/**
 * The workflows and issue forms in .github, by the schemas that editors check them with, and by our own rules.
 */

import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import Schema from 'typebox/schema'
import { parse } from 'yaml'
import { releaseNotes } from '../.ci/package/release-notes.ts'
import manifest from '../package.json' with { type: 'json' }
import { openWorkflowParser } from './support/workflow-faults.ts'

const read = (name: string) => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8')
const schema = (name: string) => Schema.Compile(JSON.parse(read(`test/schemas/github/${name}.json`)))
const files = (folder: string) => readdirSync(new URL(`../${folder}`, import.meta.url)).map(name => `${folder}/${name}`)

const workflows = files('.github/workflows').map(name => ({
  name,
  text: read(name),
  workflow: parse(read(name)) as Workflow
}))
const jobs = workflows.flatMap(({ name, workflow }) =>
  Object.entries(workflow.jobs).map(([id, job]) => ({ name: `${name} ${id}`, job }))
)

interface Workflow {
  readonly permissions?: object
  readonly jobs: Readonly<Record<string, Job>>
}

interface Job {
  readonly uses?: string
  readonly permissions?: Readonly<Record<string, string>>
  readonly 'timeout-minutes'?: number
  readonly container?: { readonly image: string }
  readonly steps?: readonly Step[]
}

interface Step {
  readonly uses?: string
  readonly run?: string
  readonly with?: Readonly<Record<string, unknown>>
}

const steps = jobs.flatMap(({ name, job }) => (job.steps ?? []).map(step => ({ name, step })))

t.test("workflows: GitHub's own parser finds no fault in them", async t => {
  const faultsOf = await openWorkflowParser(t.testdir())
  t.same(workflows.map(({ name }) => name).sort(), ['.github/workflows/ci.yml', '.github/workflows/release.yml'])
  for (const { name, text } of workflows) t.same(await faultsOf(text), [], name)

  const text = read('.github/workflows/ci.yml')
  for (const [from, to] of [
    ['timeout-minutes:', 'timeout-minuets:'],
    ['contents: read', 'contents: admin'],
    ['    runs-on: ubuntu-24.04\n', ''],
    ['github.workflow', 'githup.workflow'],
    ['if: always()', 'if: alway()']
  ] as const) {
    const broken = text.replace(from, to)
    t.not(broken, text, from)
    t.not((await faultsOf(broken)).length, 0, `${from} is ${to || 'missing'}`)
  }
})

t.test('workflows: every action is fixed by its commit, and says which version that is', async t => {
  const used = workflows.flatMap(({ text }) => [...text.matchAll(/uses: (\S+)(?: # (\S+))?$/gm)])
  t.ok(used.length > 10)
  const commits = new Map<string, string>()
  for (const [, action = '', version] of used) {
    if (action.startsWith('./')) continue
    t.match(action, /^[\w-]+\/[\w-]+@[0-9a-f]{40}$/)
    t.match(version, /^v\d+\.\d+\.\d+$/, action)
    const [name = ''] = action.split('@')
    t.equal(commits.get(name) ?? action, action, 'the same everywhere')
    commits.set(name, action)
  }
})

t.test('workflows: each job has the permissions that it needs, and those alone', async t => {
  for (const { name, workflow } of workflows) t.same(workflow.permissions, {}, `${name}: none by default`)
  const writes = jobs.flatMap(({ name, job }) =>
    Object.entries(job.permissions ?? {}).flatMap(([permission, access]) =>
      access === 'write' ? [`${name}: ${permission}`] : []
    )
  )
  t.same(writes.sort(), [
    '.github/workflows/release.yml image: attestations',
    '.github/workflows/release.yml image: id-token',
    '.github/workflows/release.yml image: packages',
    '.github/workflows/release.yml npm: id-token',
    '.github/workflows/release.yml release: attestations',
    '.github/workflows/release.yml release: contents',
    '.github/workflows/release.yml release: id-token'
  ])
})

t.test('workflows: no step keeps the token of the checkout, or runs text that others choose', async t => {
  const checkouts = steps.filter(({ step }) => step.uses?.startsWith('actions/checkout@'))
  t.ok(checkouts.length >= 4)
  for (const { name, step } of checkouts) t.equal(step.with?.['persist-credentials'], false, name)
  // Why: an expression in a script is replaced before the shell reads it, so a branch name can be a command.
  for (const { name, step } of steps) t.notMatch(step.run ?? '', '${{', name)
})

t.test('workflows: every job ends after a time', async t => {
  for (const { name, job } of jobs) t.ok(job.uses !== undefined || Number(job['timeout-minutes']) > 0, name)
})

t.test('workflows: CI runs .ci/run in the image of the Dockerfile, and releases build with its Node', async t => {
  const [, base] = /^FROM (?:--platform=\S+ )?(node:\S+)/m.exec(read('Dockerfile')) ?? []
  const ci = jobs.find(({ name }) => name.endsWith('ci.yml test'))
  t.equal(ci?.job.container?.image, base)
  t.ok(steps.some(({ name, step }) => name.endsWith('ci.yml test') && /^\.ci\/run$/m.test(step.run ?? '')))
  const nodes = steps.filter(({ step }) => step.uses?.startsWith('actions/setup-node@'))
  t.ok(nodes.length >= 3)
  for (const { step } of nodes) t.equal(step.with?.['node-version'], manifest.devDependencies.node)
})

t.test('workflows: no owner and no repository is named', async t => {
  for (const { name, text } of workflows) t.notMatch(text, /ghcr\.io\/(?!\$)|github\.com\//, name)
  t.hasStrict(manifest, { name: 'signpost' })
  t.notOk('repository' in manifest || 'private' in manifest)
})

t.test('issue forms: are what the schema of forms allows', async t => {
  const allowed = schema('github-issue-forms')
  const forms = files('.github/ISSUE_TEMPLATE').filter(name => !name.endsWith('/config.yml'))
  t.equal(forms.length, 2)
  for (const name of forms) t.same(allowed.Errors(parse(read(name)))[1], [], name)
  t.notOk(allowed.Check({ ...parse(read(forms[0] ?? '')), body: [{ type: 'inptu' }] }))
  t.same(schema('github-issue-config').Errors(parse(read('.github/ISSUE_TEMPLATE/config.yml')))[1], [])
})

t.test('issue forms: a bug report asks for what a golden file consists of', async t => {
  const { body } = parse(read('.github/ISSUE_TEMPLATE/bug.yml'))
  const required = body.filter((field: { validations?: { required?: boolean } }) => field.validations?.required)
  const ids = required.map(({ id }: { id: string }) => id)
  for (const id of ['settings', 'request', 'expected']) t.ok(ids.includes(id), id)
})

t.test('release notes: are the section of the version in the changelog', async t => {
  const changelog =
    '# Changelog\n\n## [Unreleased]\n\n- later\n\n## [0.2.0] - 2026-12-01\n\n### Added\n\n- this\n\n## [0.1.0]\n\n- before\n'
  t.equal(releaseNotes(changelog, '0.2.0'), '### Added\n\n- this\n')
  t.throws(() => releaseNotes(changelog, '0.3.0'), { message: 'CHANGELOG.md has no section [0.3.0]' })
  t.throws(() => releaseNotes(changelog, '0.2'))
})

t.test('release notes: the command prints the section of the version', async t => {
  const script = new URL('../.ci/package/release-notes.ts', import.meta.url)
  const printed = execFileSync(process.execPath, [fileURLToPath(script), manifest.version], { encoding: 'utf8' })
  t.match(printed, /^### Upgrading from 0\.1\.0\n/)
})
