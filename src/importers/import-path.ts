/**
 * Imports a file, a folder of files, such as Mozilla's database, or bytes from standard input.
 */
import { closeSync, mkdtempSync, openSync, readdirSync, readSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { errors, type SignpostError } from '../errors.ts'
import { readBytes } from '../sources/read-file.ts'
import { importAutomx2, rowOrigins } from './formats/automx2/automx2.ts'
import { readAutomx2 } from './formats/automx2/database.ts'
import { importDocument, type UnknownFormat } from './import-document.ts'
import type { Dropped, Imported } from './imported.ts'

/** Why: real documents have 2 kB, and those of large providers 20 kB. */
const mostBytes = 256 * 1024
const mostFiles = 10_000
/** Why: Mozilla's database has less than 1 MiB, and a database of automx2 may have 64 MiB. */
const mostFolderBytes = 128 * 1024 * 1024

export const importable =
  'Thunderbird autoconfig (clientConfig), a response of Outlook autodiscover, an Apple profile (.mobileconfig), PACC (JSON), or an SQLite database or seed (JSON) of automx2'

/** @throws AC_IMPORT_UNREADABLE, AC_IMPORT_UNKNOWN */
export function importPath(path: string): Imported {
  const status = orUnreadable(path, () => statSync(path))
  if (status.isDirectory()) return importFolder(path)
  const imported = importFile(path)
  if ('found' in imported) throw unknownFormat(imported, path)
  return imported
}

/** @returns the error for a single source that cannot be imported */
export function unknownFormat({ found, position }: UnknownFormat, source: string): SignpostError {
  if (position === undefined) return errors.importUnknown({ source, found, importable })
  const { line, column } = position
  return errors.importUnreadable({ source: `${source}:${line}:${column}`, reason: `found ${found}` })
}

/** Like `importPath`, for bytes that come from no file. @param source its name in messages */
export function importBytes(bytes: Buffer, source: string): Imported {
  const imported = importContent(bytes, source)
  if ('found' in imported) throw unknownFormat(imported, source)
  return imported
}

function importContent(bytes: Buffer, source: string): Imported | UnknownFormat {
  if (bytes.toString('latin1', 0, sqliteHeader.length) !== sqliteHeader) return importWithin(bytes, source)
  // Why: SQLite reads files only.
  const folder = mkdtempSync(join(tmpdir(), 'signpost-import-'))
  try {
    const file = join(folder, 'database')
    writeFileSync(file, bytes, { mode: 0o600 })
    return importDatabase(file, source)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function importDatabase(file: string, source: string): Imported | UnknownFormat {
  const rows = readAutomx2(file)
  return 'reason' in rows
    ? { found: rows.reason.replace(/^found /, '') }
    : importAutomx2(rows, { originOf: rowOrigins(source) })
}

function importWithin(bytes: Buffer, source: string): Imported | UnknownFormat {
  if (bytes.length > mostBytes) return { found: `${bytes.length} bytes (at most ${mostBytes} are read)` }
  return importDocument(bytes, source)
}

function importFolder(folder: string): Imported {
  const files = filesBelow(folder)
  if (files.length > mostFiles) {
    throw errors.importUnreadable({ source: folder, reason: `found more than ${mostFiles} files` })
  }
  const sizes = files.map(file => orUnreadable(file, () => statSync(file).size))
  const total = sizes.reduce((sum, size) => sum + size, 0)
  if (total > mostFolderBytes) {
    throw errors.importUnreadable({
      source: folder,
      reason: `found ${total} bytes in its files, expected at most ${mostFolderBytes}`
    })
  }
  const all = files.map(importedOf)
  const imported = {
    providers: all.flatMap(({ providers }) => providers),
    dropped: all.flatMap(({ dropped }) => dropped)
  }
  if (imported.providers.length > 0) return imported
  throw errors.importUnknown({ source: folder, found: 'no file in a known format', importable })
}

/**
 * @returns the files of the folder and of those below it, in order of their names, without hidden ones. At most one file more
 * than a folder may have. Links to folders are not followed, because they may lead back.
 */
function filesBelow(folder: string): string[] {
  const entries = orUnreadable(folder, () => readdirSync(folder, { withFileTypes: true }))
  const files: string[] = []
  for (const entry of entries.sort((a, b) => Number(a.name > b.name) - Number(a.name < b.name))) {
    if (entry.name.startsWith('.')) continue
    const path = join(folder, entry.name)
    if (entry.isDirectory()) files.push(...filesBelow(path))
    else if (!entry.isSymbolicLink() || !isFolder(path)) files.push(path)
    if (files.length > mostFiles) break
  }
  return files
}

function isFolder(path: string): boolean {
  return orUnreadable(path, () => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true)
}

function importedOf(file: string): Imported {
  const imported = importFile(file)
  return 'found' in imported ? { providers: [], dropped: [wholeFile(imported, file)] } : imported
}

function wholeFile({ found, position }: UnknownFormat, source: string): Dropped {
  return { origin: { source, ...position }, what: 'the whole file', why: `found ${found}` }
}

function importFile(file: string): Imported | UnknownFormat {
  const status = orUnreadable(file, () => statSync(file))
  if (!status.isFile()) return { found: 'something other than a regular file' }
  if (isSqlite(file)) return importDatabase(file, file)
  if (status.size > mostBytes) return { found: `a file of ${status.size} bytes (at most ${mostBytes} are read)` }
  // Why a limit again: a file of /proc reports the size 0, and may have no end.
  const read = readBytes(file, mostBytes)
  if ('reason' in read) throw errors.importUnreadable({ source: file, reason: read.reason })
  return importDocument(read.bytes, file)
}

/** Spec: sqlite.org/fileformat.html 1.3 defines this header. */
const sqliteHeader = 'SQLite format 3\0'

function isSqlite(file: string): boolean {
  const head = Buffer.alloc(sqliteHeader.length)
  const descriptor = orUnreadable(file, () => openSync(file, 'r'))
  try {
    readSync(descriptor, head)
  } finally {
    closeSync(descriptor)
  }
  return head.toString('latin1') === sqliteHeader
}

function orUnreadable<Result>(source: string, read: () => Result): Result {
  try {
    return read()
  } catch (cause) {
    const { code = '', message } = cause as NodeJS.ErrnoException
    throw errors.importUnreadable({ source, reason: reasons.get(code) ?? message, cause })
  }
}

const reasons = new Map([
  ['ENOENT', 'no such file'],
  ['EACCES', 'permission denied']
])
