/**
 * Importers take linear time for whatever a stranger's document, folder or database repeats.
 */
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import t from 'tap'
import { importPacc } from '../../src/importers/formats/pacc.ts'
import { importDocument } from '../../src/importers/import-document.ts'
import { importPath } from '../../src/importers/import-path.ts'
import type { Imported } from '../../src/importers/imported.ts'
import { describeDropped } from '../../src/importers/imported.ts'
import { toSettings } from '../../src/importers/to-settings.ts'
import { writeTable } from '../../src/importers/write-table.ts'
import { cpuMs } from '../support/cpu-time.ts'
import { craftedDocuments } from '../support/crafted-documents.ts'

function toTable(imported: Imported): void {
  const { settings, notes, dropped } = toSettings(imported)
  if (settings !== undefined) writeTable(settings, notes)
  for (const each of dropped) describeDropped(each)
}

t.test('import: 256 KiB of a crafted document take less than 4 s', async t => {
  for (const [name, text] of craftedDocuments(256 * 1024)) {
    const ms = await cpuMs(() => {
      const imported = importDocument(Buffer.from(text), 'x')
      if (!('found' in imported)) toTable(imported)
      const pacc = importPacc(text, { source: 'x', domain: 'example.com' })
      if (pacc !== undefined) toTable(pacc)
    })
    t.ok(ms < 4000, `${name}: ${Math.round(ms)} ms`)
  }
})

t.test('import: ten thousand providers with the same name take less than 8 s', async t => {
  const origin = { source: 'x' }
  const value = { protocol: 'imap', host: 'imap.example.com' } as const
  const providers = Array.from({ length: 10_000 }, (_, index) => ({
    origin,
    id: `${'x'.repeat(60)}${Math.floor(index / 2)}`,
    domains: [{ value: `${index}.example`, origin }],
    servers: [{ value, origin, username: undefined }]
  }))
  const ms = await cpuMs(() => t.equal(toSettings({ providers, dropped: [] }).settings?.providers.length, 10_000))
  t.ok(ms < 8000, `${Math.round(ms)} ms`)
})

t.test('automx2: tens of thousands of linked rows take less than 8 s', async t => {
  const file = join(t.testdir({}), 'db.sqlite')
  const database = new DatabaseSync(file)
  database.exec(`
    CREATE TABLE provider (id INTEGER PRIMARY KEY, name, short_name);
    CREATE TABLE domain (id INTEGER PRIMARY KEY, name, provider_id, ldapserver_id);
    CREATE TABLE server (id, prio, name, port, type, socket_type, user_name, authentication);
    CREATE TABLE server_domain (server_id, domain_id);
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40000)
      INSERT INTO domain SELECT i, '_' || i, 1, NULL FROM n;
    INSERT INTO provider VALUES (1, 'x', 'x');
    INSERT INTO server SELECT 1, 1, 'imap.example.com', 993, 'imap', 'SSL', 'x', 'plain' FROM domain;
    INSERT INTO server_domain SELECT 1, id FROM domain;
  `)
  database.close()
  const ms = await cpuMs(() => toTable(importPath(file)))
  t.ok(ms < 8000, `${Math.round(ms)} ms`)
})
