import t from 'tap'
import { createPendingRestart } from '../../src/serve/pending-restart.ts'
import type { Settings } from '../../src/settings/schema.ts'
import { createTable } from '../../src/settings/table.ts'
import { exampleProvider } from '../support/settings/example.ts'

const tableOf = (settings: object) => createTable({ providers: [exampleProvider()], ...settings } as Settings)

const tls = { certificates: [{ certificate: 'a.pem', key: 'a.key' }] }

t.test('pending restart: names changed settings that are read only at the start', async t => {
  for (const [before, after, fields, ofSupervisor] of [
    [{}, {}, [], []],
    [{}, { http: { port: 80 } }, ['http.port'], ['http.port']],
    [{}, { limits: { rate: { seconds: 1 } }, log: { format: 'json' } }, ['log.format'], ['log.format']],
    [{}, { http: { publicUrl: 'a' }, limits: {}, log: { level: 'info' } }, [], []],
    [{ cache: { seconds: 1 } }, {}, [], []],
    [{ mxLookup: { lookups: 1 } }, { mxLookup: {} }, ['mxLookup.lookups'], []],
    [{ directory: { port: 1 } }, { directory: { port: 2 } }, ['directory.port'], []],
    [{}, { mxLookup: {}, admin: {} }, ['admin', 'mxLookup'], ['admin']],
    [{ http: { port: 80 } }, { http: { port: 81 } }, ['http.port'], ['http.port']],
    [
      { http: { port: 80 } },
      { http: { host: '::', workers: 2, port: 80 } },
      ['http.host', 'http.workers'],
      ['http.host', 'http.workers']
    ],
    [{ http: { trustProxy: ['::1'] } }, { http: { trustProxy: ['::2'] } }, ['http.trustProxy'], []],
    [{ http: {} }, { http: { tls } }, ['http.tls'], ['http.tls']],
    [{ http: { tls } }, { http: { tls: { ...tls, port: 1 } } }, ['http.tls.port'], ['http.tls.port']],
    [{ admin: { port: 1 } }, {}, ['admin'], ['admin']],
    [{ limits: { rate: { seconds: 1, requests: 1 } } }, { limits: { rate: { seconds: 1 } } }, [], []],
    [{}, { users: { file: 'a' } }, ['users'], []],
    [
      { log: { level: 'info', format: 'json' } },
      { log: { level: 'error', format: 'pretty' } },
      ['log.format'],
      ['log.format']
    ],
    // Settings that are applied immediately.
    [{ http: { publicUrl: 'a' } }, { http: { publicUrl: 'b' } }, [], []],
    [{ http: { tls } }, { http: { tls: { certificates: [], minVersion: 'TLSv1.3' } } }, [], []],
    [{ signing: { key: 'a' } }, {}, [], []],
    [{}, { include: ['a'], providers: [exampleProvider({ id: 'b' })] }, [], []]
  ] as const) {
    const source = { table: tableOf(before) }
    const pending = createPendingRestart(source)
    source.table = tableOf(after)
    t.same(pending.fields(), fields)
    t.same(pending.fields({ replacesWorkers: true }), ofSupervisor)
    pending.workersReplaced(source.table.settings)
    t.same(pending.fields(), ofSupervisor)
    source.table = tableOf(before)
    t.same(pending.fields({ replacesWorkers: true }), [])
    pending.workersReplaced(source.table.settings)
    t.same(pending.fields(), [])
  }
})
