/**
 * A settings table in a file, which can be watched and reloaded.
 */
import { unwatchFile, watchFile } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { errors } from '../errors.ts'
import { describe, type Finding } from '../settings/load/finding.ts'
import { type Loaded, load } from '../settings/load/load.ts'
import type { Table } from '../settings/table.ts'
import { readLogo, readSettings } from './read-file.ts'
import type { TableSource } from './source.ts'

export interface FileSource extends TableSource {
  /** The text of the table in use. */
  readonly goodText: string
  /** The findings of the last reload, or of the first load. */
  readonly findings: readonly Finding[]
  /** Reloads the file. If it has errors, the last good table stays in use. */
  reload(): void
  /** @param changed called when the file has changed and must be reloaded */
  watch(changed: () => void): void
  close(): void
}

/**
 * How often the file is checked for changes. Why not notified by the system: such a watch does not work across container
 * mounts, and misses symbolic links that are swapped in a parent folder, which is how Kubernetes and deployment tools change
 * a file.
 */
const pollMs = 250

/** How often a file that could not be read is tried again. */
const retryMs = 1000

/** How long a file must stay the same after a change. Why: editors write in several steps. */
const restMs = 100

/**
 * Loads a settings file and the logos that it names.
 * @param file logos are relative to its folder
 */
export function loadFile(text: string, file: string): Loaded {
  return load(text, file, { readLogo: name => readLogo(resolve(dirname(file), name)) })
}

/**
 * @param lastGood the last text without errors, if the file may have errors by now
 * @throws AC_SETTINGS_UNREADABLE, AC_SETTINGS_INVALID
 */
export function openFile(file: string, lastGood?: string): FileSource {
  let { text, goodText, table, findings } = firstLoad(file, lastGood ?? requireText(file))
  let stop = () => {}

  function reload(): void {
    const read = readSettings(file)
    if ('reason' in read) {
      text = undefined
      findings = [unreadable(file, read.reason)]
      return
    }
    const loaded = loadFile(read.text, file)
    text = read.text
    findings = loaded.findings
    if (loaded.table === undefined) return
    goodText = text
    table = loaded.table
  }

  if (lastGood !== undefined) reload()
  return {
    get table() {
      return table
    },
    get goodText() {
      return goodText
    },
    get findings() {
      return findings
    },
    reload,
    watch(changed) {
      let timer: NodeJS.Timeout | undefined
      const rested = () => {
        const read = readSettings(file)
        if ('text' in read && read.text === text) return
        changed()
      }
      const touched = () => {
        clearTimeout(timer)
        timer = setTimeout(rested, restMs).unref()
      }
      // Why: a file that could not be read because descriptors or memory ran out can be readable later without a change.
      const retrying = setInterval(() => {
        if (text === undefined && 'text' in readSettings(file)) changed()
      }, retryMs).unref()
      watchFile(file, { persistent: false, interval: pollMs }, touched)
      // Why: the first poll has nothing to compare with, and would miss a change since the file was opened.
      touched()
      stop = () => {
        clearTimeout(timer)
        clearInterval(retrying)
        unwatchFile(file, touched)
      }
    },
    close: () => stop()
  }
}

interface FirstLoad {
  /** As last read; undefined if the file could not be read. */
  readonly text: string | undefined
  readonly goodText: string
  readonly table: Table
  readonly findings: readonly Finding[]
}

function requireText(file: string): string {
  const read = readSettings(file)
  if ('reason' in read) throw errors.settingsUnreadable({ file, reason: read.reason })
  return read.text
}

function firstLoad(file: string, text: string): FirstLoad {
  const { table, findings } = loadFile(text, file)
  if (table === undefined) throw errors.settingsInvalid({ findings: findings.map(describe).join('\n') })
  return { text, goodText: text, table, findings }
}

function unreadable(file: string, reason: string): Finding {
  return { severity: 'error', file, line: 1, column: 1, path: '', message: reason }
}
