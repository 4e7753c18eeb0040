/**
 * A settings file's text and the pictures that it names → checked table.
 */
import { dirname, resolve } from 'node:path'
import { type Loaded, load } from '../settings/load/load.ts'
import { readLogo } from './read-logo.ts'

/** @param file whose text it is; names in it are relative to its folder */
export function loadFile(text: string, file: string): Loaded {
  return load(text, file, { readLogo: name => readLogo(resolve(dirname(file), name)) })
}
