/**
 * A tree of files, as good as at once: whoever reads the folder sees the old tree or the new one, and no half of one.
 */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { errors, SignpostError } from '../errors.ts'

export interface TreeOptions {
  /** A file that only trees written here have. */
  readonly mark: string
  /** Whether a folder of something else may be put aside. */
  readonly force: boolean
}

/**
 * @param files text by path below the folder
 * @returns where what was there before was put aside, if it was no tree written here
 * @throws AC_EXPORT_OCCUPIED, AC_CANNOT_WRITE
 */
export function writeTree(
  folder: string,
  files: ReadonlyMap<string, string>,
  options: TreeOptions
): string | undefined {
  try {
    const place = existsSync(folder) ? realpathSync(folder) : folder
    const isOwn = isFree(place, options.mark)
    if (!isOwn && !options.force) throw errors.exportOccupied({ folder })
    return replace(place, files, isOwn)
  } catch (cause) {
    if (cause instanceof SignpostError) throw cause
    throw errors.cannotWrite({ file: folder, reason: (cause as Error).message, cause })
  }
}

function isFree(folder: string, mark: string): boolean {
  return !existsSync(folder) || existsSync(join(folder, mark)) || readdirSync(folder).length === 0
}

function replace(folder: string, files: ReadonlyMap<string, string>, isOwn: boolean): string | undefined {
  mkdirSync(dirname(folder), { recursive: true })
  const fresh = mkdtempSync(join(dirname(folder), `.${basename(folder)}-`))
  const before = isOwn ? `${fresh}-before` : `${folder}.before`
  try {
    fill(fresh, files)
    const wasThere = existsSync(folder)
    if (wasThere) renameSync(folder, before)
    renameSync(fresh, folder)
    if (!wasThere) return undefined
    if (!isOwn) return before
    rmSync(before, { recursive: true })
    return undefined
  } finally {
    rmSync(fresh, { recursive: true, force: true })
  }
}

function fill(folder: string, files: ReadonlyMap<string, string>): void {
  // Why: a temporary folder is its owner's alone, and a web server is somebody else.
  chmodSync(folder, 0o755)
  for (const [path, text] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
}
