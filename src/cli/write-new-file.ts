/**
 * Writes a file for a person, and never overwrites one unless forced.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { errors } from '../errors.ts'

export interface WriteOptions {
  /** Whether an existing file may be replaced. */
  readonly force: boolean
  /** Added to the error message if the file exists. */
  readonly advice: string
}

/** Creates missing folders, too. @throws AC_FILE_EXISTS, AC_CANNOT_WRITE */
export function writeNewFile(file: string, text: string, { force, advice }: WriteOptions): void {
  try {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text, { flag: force ? 'w' : 'wx' })
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    // Why checked again: EEXIST also occurs if one of the folders above is a file.
    if (code === 'EEXIST' && existsSync(file)) throw errors.fileExists({ file, advice })
    throw errors.cannotWrite({ file, reason: message, cause })
  }
}
