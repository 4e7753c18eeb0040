// The settings files of a run: the given one unchanged, and a copy without the access log.
import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseDocument } from 'yaml'
import type { LogMode } from './cases.ts'

export const settingsFor = (logMode: LogMode, config: string, dir: string): string => {
  if (logMode === 'on') return resolve(config)
  const settings = parseDocument(readFileSync(config, 'utf8'))
  settings.setIn(['log', 'requests'], false)
  const derived = join(dir, 'log-off.yaml')
  writeFileSync(derived, settings.toString())
  return derived
}
