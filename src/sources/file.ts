/**
 * A settings table in a file, watched for changes.
 */
import { readFileSync, watch } from 'node:fs'
import { basename, dirname } from 'node:path'
import { errors } from '../errors.ts'
import { describe, type Finding } from '../settings/finding.ts'
import { type Loaded, load } from '../settings/load.ts'
import type { Table } from '../settings/table.ts'
import type { Source } from './source.ts'

export interface FileSource extends Source {
  /** Reads the file again; a broken one leaves the last good table in use. @returns what was found */
  reload(): readonly Finding[]
  /** @param changed called after the file has changed and been read, with what `reload` returned */
  watch(changed: (findings: readonly Finding[]) => void): void
  close(): void
}

/** How long a file must rest after a change: editors write in several steps. */
const restMs = 200

/** @throws AC_SETTINGS_UNREADABLE, AC_SETTINGS_INVALID */
export function openFile(file: string): FileSource {
  let { text, table } = firstLoad(file)
  const closers: (() => void)[] = []
  const source: FileSource = {
    get table() {
      return table
    },
    reload() {
      const now = tryRead(file)
      if (typeof now !== 'string') return [now]
      text = now
      const loaded = load(now, file)
      if (loaded.table !== undefined) table = loaded.table
      return loaded.findings
    },
    watch(changed) {
      let timer: NodeJS.Timeout | undefined
      // Why the directory: Kubernetes swaps a symbolic link beside the file, and editors rename a new file into place.
      const watcher = watch(dirname(file), { persistent: false }, (_, name) => {
        if (name !== null && name !== basename(file) && !name.startsWith('..')) return
        clearTimeout(timer)
        timer = setTimeout(() => {
          if (tryRead(file) !== text) changed(source.reload())
        }, restMs).unref()
      })
      closers.push(() => watcher.close())
    },
    close() {
      for (const close of closers) close()
    }
  }
  return source
}

function firstLoad(file: string): { text: string; table: Table; loaded: Loaded } {
  const text = tryRead(file)
  if (typeof text !== 'string') throw errors.settingsUnreadable({ file, reason: text.message })
  const loaded = load(text, file)
  if (loaded.table === undefined) {
    throw errors.settingsInvalid({ findings: loaded.findings.map(describe).join('\n') })
  }
  return { text, table: loaded.table, loaded }
}

function tryRead(file: string): string | Finding {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? ''
    const reasons: Record<string, string> = {
      ENOENT: 'no such file',
      EACCES: 'permission denied',
      EISDIR: 'it is a folder'
    }
    return { severity: 'error', file, line: 1, column: 1, path: '', message: reasons[code] ?? String(error) }
  }
}
