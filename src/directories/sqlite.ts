/**
 * An SQLite file as a directory. It is opened to be read, and again when another file takes its place.
 */
import { statSync } from 'node:fs'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import type { SqlQuery } from '../settings/query/sql-query.ts'
import type { Reading } from './columns.ts'
import type { Changed, Directory } from './directory.ts'
import { DirectoryFailure } from './directory-failure.ts'
import { checkColumns, readRows } from './row.ts'
import { isBusy, sqliteFailure } from './sqlite-failure.ts'

export interface SqliteOptions<V> {
  readonly reading: Reading<V>
  readonly timeoutMilliseconds: number
  /** How often the file is looked at for changes. */
  readonly lookMilliseconds?: number
}

interface Opened {
  readonly database: DatabaseSync
  readonly statement: StatementSync
  readonly inode: bigint | undefined
  /** @returns another number than at first, after others have written */
  readonly version: () => unknown
  readonly first: unknown
}

interface Question<V> extends PromiseWithResolvers<V | undefined> {
  readonly name: string
}

/** Between two tries while somebody writes. */
const busyMs = 10

export function openSqlite<V>(query: SqlQuery, file: string, options: SqliteOptions<V>): Directory<V> {
  const { reading, timeoutMilliseconds, lookMilliseconds = 1000 } = options
  const sql = query.parts.join('?1')
  let opened: Opened | undefined
  let questions: Question<V>[] = []
  let seen: unknown
  let changed: Changed | undefined
  let timer: NodeJS.Timeout | undefined

  function close(): void {
    opened?.database.close()
    opened = undefined
  }

  /**
   * Why not at once: to lock the file and to let go of it takes twice as long as to look into it, and once is enough for
   * all who ask in one turn.
   */
  function look(name: string): Promise<V | undefined> {
    const question = { name, ...Promise.withResolvers<V | undefined>() }
    if (questions.push(question) === 1) setImmediate(answerAll)
    return question.promise
  }

  function answerAll(): void {
    const asked = questions
    questions = []
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

  /** Why each by itself: what cannot be said of one name may be said of others. */
  function answer({ name, resolve, reject }: Question<V>, statement: StatementSync): void {
    try {
      resolve(readRows(statement.all(name), name, reading))
    } catch (error) {
      reject(sqliteFailure(error))
    }
  }

  function reopen(): Opened {
    const next = open(file, sql, reading)
    // Why: what happened while it was closed has not been seen.
    if (seen !== undefined) changed?.(undefined)
    seen = next.first
    return next
  }

  /** @throws SQLITE_BUSY while somebody writes */
  function compare(): void {
    if (opened === undefined) return
    const inode = inodeOf(file)
    if (inode !== undefined && inode !== opened.inode) {
      close()
      changed?.(undefined)
      return
    }
    const version = opened.version()
    if (version === seen) return
    seen = version
    changed?.(undefined)
  }

  return {
    async find(name) {
      const deadline = performance.now() + timeoutMilliseconds
      for (;;) {
        try {
          return await look(name)
        } catch (error) {
          // Why not a busy timeout of SQLite's own: nothing else would be answered while it waits.
          const failure = sqliteFailure(error)
          if (failure instanceof DirectoryFailure && failure.isRefusal) throw failure
          if (!isBusy(failure) || performance.now() > deadline) {
            close()
            throw failure
          }
        }
        await sleep(busyMs)
      }
    },
    watch(told) {
      changed = told
      timer = setInterval(() => {
        try {
          compare()
        } catch {
          // Why: it is looked at again soon, and whoever asks is told what is wrong.
        }
      }, lookMilliseconds).unref()
    },
    async close() {
      clearInterval(timer)
      close()
    }
  }
}

/** @throws what SQLite says; AC_DIRECTORY_UNFIT */
function open(file: string, sql: string, reading: Reading<unknown>): Opened {
  const inode = inodeOf(file)
  const database = openFile(file)
  try {
    const statement = database.prepare(sql)
    checkColumns(
      statement.columns().map(({ name }) => name),
      reading
    )
    // Spec: https://www.sqlite.org/pragma.html#pragma_data_version.
    const pragma = database.prepare('PRAGMA data_version')
    const version = () => pragma.get()?.data_version
    return { database, statement, inode, version, first: version() }
  } catch (error) {
    database.close()
    throw sqliteFailure(error, { isOpening: true })
  }
}

function openFile(file: string): DatabaseSync {
  // Why: SQLite would wait for whoever writes to a FIFO, and block the process.
  if (statSync(file, { throwIfNoEntry: false })?.isFile() === false) {
    throw new DirectoryFailure('not-a-file', { words: 'it is not an ordinary file' })
  }
  try {
    return new DatabaseSync(file, { readOnly: true, allowExtension: false })
  } catch (error) {
    throw sqliteFailure(error, { isOpening: true })
  }
}

function inodeOf(file: string): bigint | undefined {
  return statSync(file, { bigint: true, throwIfNoEntry: false })?.ino
}
