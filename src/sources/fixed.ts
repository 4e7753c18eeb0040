/**
 * A settings table that does not change while the service runs: it comes from options or environment variables.
 */
import { errors } from '../errors.ts'
import { describe } from '../settings/load/finding.ts'
import { load } from '../settings/load/load.ts'
import type { FileSource } from './file.ts'

/**
 * @param text the table in YAML
 * @param origin the name that findings carry
 * @throws AC_SETTINGS_INVALID
 */
export function openFixed(text: string, origin: string): FileSource {
  const { table, findings } = load(text, origin)
  if (table === undefined) throw errors.settingsInvalid({ findings: findings.map(describe).join('\n') })
  return {
    table,
    lastGood: { main: text, included: [] },
    findings,
    reload: () => undefined,
    watch: () => undefined,
    close: () => undefined
  }
}
