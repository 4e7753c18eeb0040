/**
 * Imports a file or a folder of files, such as Mozilla's database.
 */
import { closeSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { errors } from '../errors.ts'
import { importAutomx2 } from './formats/automx2/automx2.ts'
import { readAutomx2 } from './formats/automx2/database.ts'
import { importDocument, type UnknownFormat } from './import-document.ts'
import type { Dropped, Imported } from './imported.ts'

/** Why: real documents have 2 kB, and those of large providers 20 kB. */
const mostBytes = 256 * 1024
const mostFiles = 10_000
/** Why: Mozilla's database has less than 1 MiB, and a database of automx2 may have 64 MiB. */
const mostFolderBytes = 128 * 1024 * 1024

export const importable =
  'Thunderbird autoconfig (clientConfig), an Apple profile (.mobileconfig) or an SQLite database of automx2'

/** @throws AC_IMPORT_UNREADABLE, AC_IMPORT_UNKNOWN */
export function importPath(path: string): Imported {
  const status = orUnreadable(path, () => statSync(path))
  if (status.isDirectory()) return importFolder(path)
  const imported = importFile(path)
  if ('found' in imported) throw errors.importUnknown({ source: path, found: imported.found, importable })
  return imported
}

function importFolder(folder: string): Imported {
  const entries = orUnreadable(folder, () => readdirSync(folder, { withFileTypes: true }))
  const files = entries.filter(entry => entry.isFile() && !entry.name.startsWith('.')).map(({ name }) => name)
  if (files.length > mostFiles) {
    throw errors.importUnreadable({
      source: folder,
      reason: `found ${files.length} files, expected at most ${mostFiles}`
    })
  }
  const sizes = files.map(name => orUnreadable(folder, () => statSync(join(folder, name)).size))
  const total = sizes.reduce((sum, size) => sum + size, 0)
  if (total > mostFolderBytes) {
    throw errors.importUnreadable({
      source: folder,
      reason: `found ${total} bytes in its files, expected at most ${mostFolderBytes}`
    })
  }
  const all = files.sort().map(name => importedOf(join(folder, name)))
  const imported = {
    providers: all.flatMap(({ providers }) => providers),
    dropped: all.flatMap(({ dropped }) => dropped)
  }
  if (imported.providers.length > 0) return imported
  throw errors.importUnknown({ source: folder, found: 'no file in a known format', importable })
}

function importedOf(file: string): Imported {
  const imported = importFile(file)
  return 'found' in imported ? { providers: [], dropped: [unreadable(file, `found ${imported.found}`)] } : imported
}

function unreadable(source: string, why: string): Dropped {
  return { origin: { source }, what: 'the whole file', why }
}

function importFile(file: string): Imported | UnknownFormat {
  const status = orUnreadable(file, () => statSync(file))
  if (!status.isFile()) return { found: 'something other than a regular file' }
  if (isSqlite(file)) {
    const rows = readAutomx2(file)
    return 'reason' in rows ? { found: rows.reason } : importAutomx2(rows, file)
  }
  if (status.size > mostBytes) return { found: `a file of ${status.size} bytes (at most ${mostBytes} are read)` }
  return importDocument(
    orUnreadable(file, () => readFileSync(file)),
    file
  )
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
