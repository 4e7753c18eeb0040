/**
 * Writes a file for a person, and never overwrites one unless forced.
 */
import { closeSync, existsSync, mkdirSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { errors } from '../errors.ts'

export interface WriteOptions {
  /** Whether an existing file may be replaced. */
  readonly force: boolean
  /** Added to the error message if the file exists. */
  readonly advice: string
}

/** Creates missing folders, too. A new file that cannot be written completely is removed. @throws AC_FILE_EXISTS, AC_CANNOT_WRITE */
export function writeNewFile(file: string, text: string, { force, advice }: WriteOptions): void {
  try {
    mkdirSync(dirname(file), { recursive: true })
    if (force && existsSync(file)) writeFileSync(file, text)
    else writeOrRemove(file, text)
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    // Why checked again: EEXIST also occurs if one of the folders above is a file.
    if (code === 'EEXIST' && existsSync(file)) throw errors.fileExists({ file, advice })
    throw errors.cannotWrite({ file, reason: message, cause })
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
