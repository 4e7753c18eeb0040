/**
 * An SQLite file as a directory. It is opened read-only, and again when another file replaces it.
 */
import { statSync } from 'node:fs'
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { createBatch } from '../batch.ts'
import type { SqlQuery } from '../settings/query/sql-query.ts'
import { type Directory, DirectoryFailure, type OnChange } from './directory.ts'
import { checkColumns, type RowReader, readRows } from './row-reader.ts'
import { columnNames, openDatabase, parameter, sqliteFailure, toSqliteText, whileBusy } from './sqlite-file.ts'

export interface SqliteOptions<V> {
  readonly reader: RowReader<V>
  /** How long a question may wait while another process writes. */
  readonly timeoutMs: number
  /** How often the file is checked for changes. */
  readonly checkMs?: number
}

interface OpenFile {
  readonly database: DatabaseSync
  readonly statement: StatementSync
  readonly inode: bigint | undefined
  /** @returns a number that changes when another process has written */
  readonly version: () => unknown
  readonly firstVersion: unknown
}

interface Question<V> extends PromiseWithResolvers<V | undefined> {
  readonly name: string
}

export function openSqlite<V>(query: SqlQuery, file: string, options: SqliteOptions<V>): Directory<V> {
  const { reader, timeoutMs, checkMs = 1000 } = options
  const sql = toSqliteText(query)
  let opened: OpenFile | undefined
  let lastVersion: unknown
  let onChange: OnChange | undefined
  let timer: NodeJS.Timeout | undefined

  function close(): void {
    opened?.database.close()
    opened = undefined
  }

  /**
   * Why not at once: locking and unlocking the file takes twice as long as a query, and one lock is enough for all questions
   * of a turn of the event loop.
   */
  const add = createBatch<Question<V>>(answerAll)

  function ask(name: string): Promise<V | undefined> {
    const question = { name, ...Promise.withResolvers<V | undefined>() }
    add(question)
    return question.promise
  }

  function answerAll(asked: readonly Question<V>[]): void {
    try {
      opened ??= reopen()
      const { database, statement } = opened
      database.exec('BEGIN')
      for (const question of asked) answer(question, statement)
      database.exec('COMMIT')
    } catch (error) {
      for (const { reject } of asked) reject(sqliteFailure(error))
    }
  }

  /** Why an error only concerns its own question: a value that the query cannot process for one name may be fine for others. */
  function answer({ name, resolve, reject }: Question<V>, statement: StatementSync): void {
    try {
      resolve(readRows(statement.all({ [parameter]: name }), name, reader))
    } catch (error) {
      reject(sqliteFailure(error))
    }
  }

  function reopen(): OpenFile {
    const next = open(file, sql, reader)
    // Why: changes that were made while the file was closed have not been noticed.
    if (lastVersion !== undefined) onChange?.(undefined)
    lastVersion = next.firstVersion
    return next
  }

  /** @throws SQLITE_BUSY while another process writes */
  function checkForChanges(): void {
    if (opened === undefined) return
    const inode = inodeOf(file)
    if (inode !== undefined && inode !== opened.inode) {
      close()
      onChange?.(undefined)
      return
    }
    const version = opened.version()
    if (version === lastVersion) return
    lastVersion = version
    onChange?.(undefined)
  }

  return {
    async find(name) {
      try {
        return await whileBusy(() => ask(name), timeoutMs)
      } catch (error) {
        const isRefusal = error instanceof DirectoryFailure && error.isRefusal
        if (!isRefusal) close()
        throw error
      }
    },
    watch(listener) {
      onChange = listener
      timer = setInterval(() => {
        try {
          checkForChanges()
        } catch {
          // Why ignored: the next check follows soon, and questions report what is wrong.
        }
      }, checkMs).unref()
    },
    async close() {
      clearInterval(timer)
      close()
    }
  }
}

/** @throws DirectoryFailure, AC_DIRECTORY_UNFIT */
function open(file: string, sql: string, reader: RowReader<unknown>): OpenFile {
  const inode = inodeOf(file)
  const database = openDatabase(file)
  try {
    const statement = database.prepare(sql)
    checkColumns(columnNames(statement), reader)
    // Spec: the data version changes with every commit by another connection (https://www.sqlite.org/pragma.html#pragma_data_version).
    const pragma = database.prepare('PRAGMA data_version')
    const version = () => pragma.get()?.data_version
    return { database, statement, inode, version, firstVersion: version() }
  } catch (error) {
    database.close()
    throw sqliteFailure(error, { isConnecting: true })
  }
}

function inodeOf(file: string): bigint | undefined {
  return statSync(file, { bigint: true, throwIfNoEntry: false })?.ino
}
