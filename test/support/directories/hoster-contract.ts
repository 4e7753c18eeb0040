/**
 * Tests of the examples in config/directory with the tables of their packages.
 */
import { readFileSync } from 'node:fs'
import type { Test } from 'tap'
import type { Directory } from '../../../src/directories/directory.ts'
import type { DirectoryEntry } from '../../../src/lookups/directory-entry.ts'
import type { DirectorySettings } from '../../../src/settings/check/directory.ts'
import { load } from '../../../src/settings/load/load.ts'
import { type HosterSchema, hosterSchemas } from './hoster-schemas.ts'

/** @param open creates the tables, and a directory with the settings of the example */
export function hosterContract(
  t: Test,
  type: DirectorySettings['type'],
  open: (schema: HosterSchema, settings: DirectorySettings) => Promise<Directory<DirectoryEntry>>
): void {
  // Why none in LDAP: no LDAP entry contains only this.
  const provider = type === 'ldap' ? undefined : 'example'
  for (const schema of hosterSchemas) {
    if (schema.tables[type] === undefined) continue
    t.test(`${type}: the example for ${schema.name} finds domains that are served, and no others`, async t => {
      const directory = await open(schema, settingsOf(schema))
      t.teardown(() => directory.close())
      for (const domain of schema.served) {
        t.match(await directory.find(domain), { provider, overrides: schema.overrides }, domain)
      }
      for (const domain of schema.unserved) t.equal(await directory.find(domain), undefined, domain)
    })
  }
}

function settingsOf({ name }: HosterSchema): DirectorySettings {
  const file = `config/directory/${name}.yaml`
  const { table } = load(readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8'), file)
  const directory = table?.settings.directory
  if (directory === undefined) throw new Error(`${file} has no directory`)
  return directory
}
