/**
 * Importers take linear time, whatever a document, folder or database of a stranger repeats.
 */
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import t from 'tap'
import { importPacc } from '../../src/importers/formats/pacc.ts'
import { importDocument } from '../../src/importers/import-document.ts'
import { importPath } from '../../src/importers/import-path.ts'
import type { Imported } from '../../src/importers/imported.ts'
import { describeDropped } from '../../src/importers/imported.ts'
import { mergeProviders } from '../../src/importers/merge-providers.ts'
import { toSettings } from '../../src/importers/to-settings.ts'
import { writeTable } from '../../src/importers/write-table.ts'
import { superlinear } from '../support/cpu-time.ts'
import { craftedDocuments } from '../support/crafted-documents.ts'

function toTable(imported: Imported): void {
  const { settings, notes, dropped } = toSettings(imported)
  if (settings !== undefined) writeTable(settings, notes)
  for (const each of dropped) describeDropped(each)
}

t.test('import: the time for a crafted document is linear', async t => {
  const size = 32 * 1024
  const large = craftedDocuments(size)
  const small = craftedDocuments(size / 4)
  for (const name of large.keys()) {
    const run = (bytes: number) => {
      const text = (bytes === size ? large : small).get(name) ?? ''
      const imported = importDocument(Buffer.from(text), 'x')
      if (!('found' in imported)) toTable(imported)
      const pacc = importPacc(text, { source: 'x', domain: 'example.com' })
      if (pacc !== undefined) toTable(pacc)
    }
    t.equal(await superlinear(run, { size, freeMs: 100 }), undefined, name)
  }
})

t.test('import: the time for two documents with the same servers is linear', async t => {
  const run = (length: number) => {
    const providers = ['a.xml', 'b.xml'].map(source => {
      const origin = { source }
      const servers = Array.from({ length }, (_, index) => {
        const value = { protocol: 'imap', host: `h${index}.example.com` } as const
        return { value, origin, username: undefined }
      })
      return { origin, id: 'x', domains: [{ value: 'example.com', origin }], servers }
    })
    t.equal(mergeProviders({ providers, dropped: [] }).providers[0]?.servers.length, length)
  }
  t.equal(await superlinear(run, { size: 4000, freeMs: 150 }), undefined)
})

t.test('import: the time for thousands of providers with the same name is linear', async t => {
  const origin = { source: 'x' }
  const value = { protocol: 'imap', host: 'imap.example.com' } as const
  const run = (length: number) => {
    const providers = Array.from({ length }, (_, index) => ({
      origin,
      id: `${'x'.repeat(60)}${Math.floor(index / 2)}`,
      domains: [{ value: `${index}.example`, origin }],
      servers: [{ value, origin, username: undefined }]
    }))
    t.equal(toSettings({ providers, dropped: [] }).settings?.providers.length, length)
  }
  t.equal(await superlinear(run, { size: 4000, freeMs: 100 }), undefined)
})

t.test('automx2: the time for thousands of linked rows is linear', async t => {
  const folder = t.testdir({})
  const size = 12_000
  const fileOf = (rows: number) => join(folder, `${rows}.sqlite`)
  for (const rows of [size / 4, size]) {
    const database = new DatabaseSync(fileOf(rows))
    database.exec(`
      CREATE TABLE provider (id INTEGER PRIMARY KEY, name, short_name);
      CREATE TABLE domain (id INTEGER PRIMARY KEY, name, provider_id, ldapserver_id);
      CREATE TABLE server (id, prio, name, port, type, socket_type, user_name, authentication);
      CREATE TABLE server_domain (server_id, domain_id);
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${rows})
        INSERT INTO domain SELECT i, '_' || i, 1, NULL FROM n;
      INSERT INTO provider VALUES (1, 'x', 'x');
      INSERT INTO server SELECT 1, 1, 'imap.example.com', 993, 'imap', 'SSL', 'x', 'plain' FROM domain;
      INSERT INTO server_domain SELECT 1, id FROM domain;
    `)
    database.close()
  }
  t.equal(await superlinear(rows => toTable(importPath(fileOf(rows))), { size, freeMs: 150 }), undefined)
})
