/**
 * A file that a person asked for, which takes nobody's place.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { errors } from '../errors.ts'

export interface WriteOptions {
  /** Whether a file of the name may be replaced. */
  readonly force: boolean
  /** What a person may do where it is there already. */
  readonly advice: string
}

/** Makes the folders above it too. @throws AC_FILE_EXISTS, AC_CANNOT_WRITE */
export function writeNewFile(file: string, text: string, { force, advice }: WriteOptions): void {
  try {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text, { flag: force ? 'w' : 'wx' })
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    // Why looked at again: a folder above it may be a file.
    if (code === 'EEXIST' && existsSync(file)) throw errors.fileExists({ file, advice })
    throw errors.cannotWrite({ file, reason: message, cause })
  }
}
