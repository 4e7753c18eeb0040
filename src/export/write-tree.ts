/**
 * Writes a tree of files nearly atomically: readers see the old tree or the new one, but never a part of one.
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
  /** Name of a file that only trees written by this function contain. */
  readonly manifest: string
  /** Whether a folder with other contents may be renamed to `<folder>.before`. */
  readonly force: boolean
}

/**
 * @param files text by path below the folder
 * @returns the new name of the old folder if it contained other files
 * @throws AC_EXPORT_OCCUPIED, AC_CANNOT_WRITE
 */
export function writeTree(
  folder: string,
  files: ReadonlyMap<string, string>,
  options: TreeOptions
): string | undefined {
  try {
    const place = existsSync(folder) ? realpathSync(folder) : folder
    const replaceable = isReplaceable(place, options.manifest)
    if (!replaceable && !options.force) throw errors.exportOccupied({ folder })
    return readableByEveryone(() => replace(place, files, replaceable))
  } catch (cause) {
    if (cause instanceof SignpostError) throw cause
    throw errors.cannotWrite({ file: folder, reason: (cause as Error).message, cause })
  }
}

function isReplaceable(folder: string, manifest: string): boolean {
  return !existsSync(folder) || existsSync(join(folder, manifest)) || readdirSync(folder).length === 0
}

function replace(folder: string, files: ReadonlyMap<string, string>, isReplaceable: boolean): string | undefined {
  mkdirSync(dirname(folder), { recursive: true })
  const fresh = mkdtempSync(join(dirname(folder), `.${basename(folder)}-`))
  const before = isReplaceable ? `${fresh}-before` : `${folder}.before`
  try {
    fill(fresh, files)
    const existed = existsSync(folder)
    if (existed) renameSync(folder, before)
    moveOrUndo(fresh, folder, existed ? before : undefined)
    if (!existed) return undefined
    if (!isReplaceable) return before
    rmSync(before, { recursive: true })
    return undefined
  } finally {
    rmSync(fresh, { recursive: true, force: true })
  }
}

/** @param before the place of the old folder, which comes back if the new one cannot take its place */
function moveOrUndo(fresh: string, folder: string, before: string | undefined): void {
  try {
    renameSync(fresh, folder)
  } catch (cause) {
    if (before !== undefined) renameSync(before, folder)
    throw cause
  }
}

function fill(folder: string, files: ReadonlyMap<string, string>): void {
  // Why: only its owner can read a temporary folder.
  chmodSync(folder, 0o755)
  for (const [path, text] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
}

/** Why: the web server runs as a different user, whatever new files are usually like here. */
function readableByEveryone<Result>(write: () => Result): Result {
  const umask = process.umask(0o022)
  try {
    return write()
  } finally {
    process.umask(umask)
  }
}
