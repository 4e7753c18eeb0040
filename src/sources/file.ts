/**
 * A settings table in a file, read again when it changes.
 */
import { unwatchFile, watchFile } from 'node:fs'
import { errors } from '../errors.ts'
import { describe, type Finding } from '../settings/load/finding.ts'
import type { Table } from '../settings/table.ts'
import { loadFile } from './load-file.ts'
import { readSettings } from './read-file.ts'
import type { TableSource } from './source.ts'

export interface FileSource extends TableSource {
  /** What the table was read from. */
  readonly goodText: string
  /** What the last reading found. */
  readonly findings: readonly Finding[]
  /** Reads the file again; a broken one leaves the last good table in use. */
  reload(): void
  /** @param changed called when the file has changed; it must then be reloaded */
  watch(changed: () => void): void
  close(): void
}

/**
 * How often the file is looked at. Why not told by the system: such a watch sees neither through the mounts of containers
 * nor a symbolic link that is swapped further up, which is how Kubernetes and deployment tools change a file.
 */
const lookMs = 250

/** How often a file is tried again that could not be read. */
const retryMs = 1000

/** How long a file must rest after a change: editors write in several steps. */
const restMs = 100

/**
 * @param lastGood of the file, where it is known that it may be broken by now
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
      // Why: a file that could not be read for want of descriptors or memory can be read again without having changed.
      const retrying = setInterval(() => {
        if (text === undefined && 'text' in readSettings(file)) changed()
      }, retryMs).unref()
      watchFile(file, { persistent: false, interval: lookMs }, touched)
      // Why: the first look has nothing to compare with, and would miss a change since the file was opened.
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
  /** As last read; undefined where the file could not be read. */
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
