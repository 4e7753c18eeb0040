/**
 * Writes a file for a person, and never overwrites one unless forced.
 */
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { errors } from '../errors.ts'

export interface WriteOptions {
  /** Whether an existing file may be replaced. */
  readonly force: boolean
  /** Added to the error message if the file exists. */
  readonly advice: string
}

/**
 * Creates missing folders, too. A file that cannot be written completely is removed, or has its old text again.
 * @throws AC_FILE_EXISTS, AC_CANNOT_WRITE
 */
export function writeNewFile(file: string, text: string, { force, advice }: WriteOptions): void {
  try {
    mkdirSync(dirname(file), { recursive: true })
    if (force && existsSync(file)) overwrite(file, text)
    else writeOrRemove(file, text)
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    // Why checked again: EEXIST also occurs if one of the folders above is a file.
    if (code === 'EEXIST' && existsSync(file)) throw errors.fileExists({ file, advice })
    throw errors.cannotWrite({ file, reason: message, cause })
  }
}

/** Why not a new file that takes the place of the old one: owner and mode would change, and a file can be a mount of its own. */
function overwrite(file: string, text: string): void {
  // Why nothing else: reading a pipe would wait for a text.
  const before = statSync(file).isFile() ? readFileSync(file) : ''
  try {
    writeFileSync(file, text)
  } catch (cause) {
    writeFileSync(file, before)
    throw cause
  }
}

function writeOrRemove(file: string, text: string): void {
  const descriptor = openSync(file, 'wx')
  try {
    writeFileSync(descriptor, text)
  } catch (cause) {
    // Why: an empty table that a full disk leaves behind would count as an existing file at the next attempt.
    rmSync(file)
    throw cause
  } finally {
    closeSync(descriptor)
  }
}
