/**
 * A settings table in a file and those that it includes, which can be watched and reloaded.
 */
import { dirname, resolve } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { errors } from '../errors.ts'
import { describe, type Finding } from '../settings/load/finding.ts'
import { type IncludedFiles, type Loaded, load, type ReadIncluded } from '../settings/load/load.ts'
import type { Table } from '../settings/table.ts'
import { createIncludedReader } from './included-files.ts'
import { readLogo, readSettings } from './read-file.ts'
import type { TableSource } from './source.ts'
import { watchFiles } from './watch-files.ts'

export interface FileSource extends TableSource {
  /** The texts of the table in use. */
  readonly lastGood: SettingsTexts
  /** The findings of the last reload, or of the first load. */
  readonly findings: readonly Finding[]
  /** Reloads all files. If one has errors, the last good table stays in use. */
  reload(): void
  /** @param changed called when a file has changed and all must be reloaded */
  watch(changed: () => void): void
  close(): void
}

/** The texts of all files of a table. */
export interface SettingsTexts {
  readonly main: string
  /** In the order of the patterns in `include`. */
  readonly included: readonly IncludedTexts[]
}

interface IncludedTexts extends IncludedFiles {
  readonly pattern: string
}

export interface LoadedFiles extends Loaded {
  readonly texts: SettingsTexts
}

/**
 * Loads a settings file, and the files and logos that it names.
 * @param file other names are relative to its folder; logos, to that of the file that names them
 */
export function loadFile(main: string, file: string): LoadedFiles {
  return loadTexts(main, file, { readIncluded: createIncludedReader(file, { usedBytes: Buffer.byteLength(main) }) })
}

function loadTexts(main: string, file: string, { readIncluded }: { readonly readIncluded: ReadIncluded }): LoadedFiles {
  const included: IncludedTexts[] = []
  const loaded = load(main, file, {
    readLogo: (name, { namedIn }) => readLogo(resolve(dirname(namedIn), name)),
    readIncluded(pattern) {
      const read = readIncluded(pattern)
      included.push({ pattern, ...read })
      return read
    }
  })
  return { ...loaded, texts: { main, included } }
}

/**
 * @param lastGood the last texts without errors, if the files may have errors by now
 * @throws AC_SETTINGS_UNREADABLE, AC_SETTINGS_INVALID
 */
export function openFile(file: string, lastGood?: SettingsTexts): FileSource {
  const first = firstLoad(file, lastGood)
  let { table, findings } = first
  let good = first.texts
  /** As last read; undefined if the settings file could not be read. */
  let texts: SettingsTexts | undefined = good
  let stop = () => {}

  function reload(): void {
    const read = readSettings(file)
    if ('reason' in read) {
      texts = undefined
      findings = [unreadable(file, read.reason)]
      return
    }
    const loaded = loadFile(read.text, file)
    texts = loaded.texts
    findings = loaded.findings
    if (loaded.table === undefined) return
    good = texts
    table = loaded.table
  }

  if (lastGood !== undefined) reload()
  return {
    get table() {
      return table
    },
    get lastGood() {
      return good
    },
    get findings() {
      return findings
    },
    reload,
    watch(changed) {
      stop = watchFiles(file, {
        patterns: () => (texts ?? good).included.map(({ pattern }) => pattern),
        isUnreadable: () => texts === undefined || texts.included.some(isUnreadable),
        hasChanged: () => hasChanged(file, texts),
        changed
      })
    },
    close: () => stop()
  }
}

function isUnreadable({ files }: IncludedFiles): boolean {
  return files.some(file => 'reason' in file)
}

/** @returns whether the files differ from the texts. Why: a file that was only touched needs no reload */
function hasChanged(file: string, texts: SettingsTexts | undefined): boolean {
  const read = readSettings(file)
  if (texts === undefined) return 'text' in read
  if ('reason' in read || read.text !== texts.main) return true
  const readIncluded = createIncludedReader(file, { usedBytes: Buffer.byteLength(read.text) })
  return texts.included.some(before => {
    const { pattern } = before
    return !isDeepStrictEqual({ pattern, ...readIncluded(pattern) }, before)
  })
}

/** @throws AC_SETTINGS_UNREADABLE, AC_SETTINGS_INVALID */
function firstLoad(file: string, lastGood: SettingsTexts | undefined): LoadedFiles & { readonly table: Table } {
  const loaded = lastGood === undefined ? loadFile(requireText(file), file) : loadAgain(lastGood, file)
  const { table, findings } = loaded
  if (table === undefined) throw errors.settingsInvalid({ findings: findings.map(describe).join('\n') })
  return { ...loaded, table }
}

function loadAgain({ main, included }: SettingsTexts, file: string): LoadedFiles {
  const inOrder = included.values()
  return loadTexts(main, file, { readIncluded: () => inOrder.next().value ?? { files: [] } })
}

function requireText(file: string): string {
  const read = readSettings(file)
  if ('reason' in read) throw errors.settingsUnreadable({ file, reason: read.reason })
  return read.text
}

function unreadable(file: string, reason: string): Finding {
  return { severity: 'error', file, line: 1, column: 1, path: '', message: reason }
}
