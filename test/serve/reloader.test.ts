import t from 'tap'
import { createLogger } from '../../src/http/log/access-log.ts'
import { createReloader, type ReloaderOptions } from '../../src/serve/reloader.ts'
import type { Finding } from '../../src/settings/load/finding.ts'
import { exampleSettings } from '../support/served-app.ts'
import { tableOf } from '../support/table-of.ts'

const fault: Finding = { severity: 'error', file: 'a.yaml', line: 1, column: 1, path: '', message: 'broken' }

/** @returns files that count reads, and change when the test says so */
function fakeFiles() {
  const files = {
    reads: 0,
    isClosed: false,
    findings: [] as readonly Finding[],
    change: () => {},
    reload() {
      files.reads += 1
    },
    watch(changed: () => void) {
      files.change = changed
    },
    close() {
      files.isClosed = true
    }
  }
  return files
}

function createFakes() {
  const log: string[] = []
  const messages: string[] = []
  const applications: number[] = []
  const [settings, signing, certificates] = [fakeFiles(), fakeFiles(), fakeFiles()]
  const reloader = createReloader({
    source: Object.assign(settings, { table: tableOf(exampleSettings) }) as unknown as ReloaderOptions['source'],
    signing: Object.assign(signing, { keyAt: () => undefined }) as unknown as ReloaderOptions['signing'],
    certificates: Object.assign(certificates, {
      certificatesAt: () => []
    }) as unknown as ReloaderOptions['certificates'],
    logger: createLogger({}, { write: line => log.push(line) }),
    invalidate: () => messages.push('invalidate'),
    applied: () => void applications.push(reloader.loadedAt),
    reloadWorkers: scope => messages.push(scope)
  })
  const reads = () => [settings.reads, signing.reads, certificates.reads]
  return { reloader, settings, signing, certificates, reads, messages, log, applications }
}

t.test('reloader: settings without errors are applied, and others are not', async t => {
  const { reloader, settings, applications } = createFakes()
  settings.findings = [fault]
  await reloader.reload()
  t.equal(applications.length, 0)
  settings.findings = []
  await reloader.reload()
  t.equal(applications.length, 1)
})

t.test('reloader: two hundred simultaneous calls cause two reloads', async t => {
  const { reloader, reads, messages, log } = createFakes()
  await Promise.all(Array.from({ length: 200 }, () => reloader.reload()))
  t.same(reads(), [2, 2, 2])
  t.same(messages, ['invalidate', 'everything', 'invalidate', 'everything'])
  t.same(reloader.counts, { ok: 2, failed: 0 })
  t.equal(log.length, 2)
})

t.test('reloader: the first reload starts immediately, the next one after a pause', async t => {
  const { reloader, reads } = createFakes()
  const first = reloader.reload()
  t.same(reads(), [1, 1, 1])
  await first
  const before = performance.now()
  await reloader.reload()
  t.ok(performance.now() - before > 50)
})

t.test('reloader: many simultaneous changes of files and certificates, and calls, cause two reloads', async t => {
  const { reloader, settings, signing, certificates, reads, messages } = createFakes()
  reloader.watch()
  for (let times = 0; times < 100; times++) for (const each of [signing, certificates, settings]) each.change()
  t.same([reads(), messages], [[0, 1, 0], ['changes']])
  await reloader.reload()
  t.same(
    [reads(), messages],
    [
      [1, 2, 1],
      ['changes', 'invalidate', 'everything']
    ]
  )
})

t.test('reloader: only what has changed is reloaded', async t => {
  const { reloader, settings, signing, certificates, reads, messages } = createFakes()
  reloader.watch()
  signing.change()
  for (const each of [settings, certificates, certificates]) each.change()
  while (messages.length < 2) await new Promise(resolve => setTimeout(resolve, 5))
  t.same(
    [reads(), messages],
    [
      [1, 1, 1],
      ['changes', 'changes']
    ]
  )
})

t.test('reloader: each caller gets the findings of a reload that began after the call', async t => {
  const { reloader, settings } = createFakes()
  const first = reloader.reload()
  settings.findings = [fault]
  t.same(await Promise.all([first, reloader.reload()]), [[], [fault]])
  t.same(reloader.counts, { ok: 1, failed: 1 })
})

t.test('reloader: after close, nothing is reloaded', async t => {
  const { reloader, settings, reads } = createFakes()
  reloader.watch()
  const waiting = [reloader.reload(), reloader.reload()]
  reloader.close()
  settings.change()
  t.same(await Promise.all(waiting), [[], []])
  t.same([reads(), settings.isClosed], [[1, 1, 1], true])
})

t.test('reloader: workers that are about to be replaced do not reload first', async t => {
  const { reloader, settings, reads, messages } = createFakes()
  await reloader.reload({ replacesWorkers: true })
  t.same([reads(), messages.splice(0)], [[1, 1, 1], ['invalidate']])
  await reloader.reload()
  t.same(messages.splice(0), ['invalidate', 'everything'], 'the next reload includes them again')
  const calls = [reloader.reload(), reloader.reload({ replacesWorkers: true }), reloader.reload()]
  await Promise.all(calls)
  t.same(messages.splice(0), ['invalidate'], 'callers that share a reload share the replacement')
  settings.findings = [fault]
  await reloader.reload({ replacesWorkers: true })
  t.same(messages, ['invalidate', 'everything'], 'with errors workers are not replaced')
})
