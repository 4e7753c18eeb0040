/**
 * Finds and reads the files that a settings file includes. Patterns have * and ? within the names of files and folders. Folders
 * are not searched recursively, and the number and the size of files are limited.
 */
import { lstatSync, readdirSync, statSync } from 'node:fs'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import { found } from '../settings/load/finding.ts'
import type { IncludedFile, IncludedFiles, ReadIncluded } from '../settings/load/load.ts'
import { parseSettingsFile } from '../settings/load/settings-file.ts'
import { readSettings, reasonOf, settingsBytes } from './read-file.ts'

/** Of all patterns together. */
const mostFiles = 10_000

export interface IncludedNames {
  readonly files: readonly string[]
  readonly problem?: IncludedFiles['problem'] | undefined
}

/**
 * @param main the settings file: patterns are relative to its folder
 * @param options.usedBytes the size of the settings file. It counts, because the limit is that of all files together
 * @returns a function for one load. It returns each file once, and the files of a pattern by name
 */
export function createIncludedReader(main: string, { usedBytes }: { readonly usedBytes: number }): ReadIncluded {
  // Why: a pattern may match the settings file itself.
  const seen = new Set([resolve(main)])
  let leftBytes = settingsBytes - usedBytes

  function read(file: string): IncludedFile {
    const found = readSettings(file, leftBytes)
    if ('reason' in found) return { file, reason: found.reason }
    leftBytes -= Buffer.byteLength(found.text)
    return { file, text: found.text }
  }

  return pattern => {
    const { files, problem } = findIncluded(pattern, main)
    const fresh = files.filter(file => !seen.has(resolve(file)))
    for (const file of fresh) seen.add(resolve(file))
    if (seen.size - 1 > mostFiles) return { files: [], problem: failed(`found more than ${mostFiles} files`).problem }
    return { files: fresh.map(read), problem }
  }
}

/** @returns the names of the files that a pattern in the settings file stands for */
export function findIncluded(pattern: string, main: string): IncludedNames {
  const parts = pattern.split('/').filter(part => part !== '')
  if (parts.includes('**') || /[[\]{}]/.test(pattern)) {
    return failed(`found ${found(pattern)}, expected no wildcards but * and ?, each within one name`)
  }
  let paths = [isAbsolute(pattern) ? '/' : dirname(main)]
  let isExpanded = false
  for (const part of parts) {
    if (!isWildcard(part)) {
      paths = paths.map(path => join(path, part))
      continue
    }
    const entries: string[] = []
    for (const folder of paths) {
      const listed = namesIn(folder)
      // Why: of the folders that a wildcard matches, some may lack the next one.
      if ('reason' in listed && isExpanded && listed.isMissing) continue
      if ('reason' in listed) return failed(`cannot read the folder ${folder}: ${listed.reason}`)
      for (const name of listed.names) if (isMatch(name, part)) entries.push(join(folder, name))
      if (entries.length > mostFiles) return failed(`found more than ${mostFiles} files`)
    }
    paths = entries
    isExpanded = true
  }
  if (!isExpanded) return { files: paths }
  const files = paths.filter(isNoFolder)
  if (files.length > 0) return { files }
  return { files, problem: { severity: 'warning', message: `found no file that matches ${found(pattern)}` } }
}

/**
 * @param main the settings file. It may not exist
 * @param name such as the domain of a customer
 * @returns the name of a file that the settings file would include, by its first pattern with one * in the name of the file
 */
export function newIncludedFile(main: string, name: string): string | undefined {
  const read = readSettings(main)
  const { include = [] } = 'text' in read ? parseSettingsFile(read.text, main).settings : {}
  const pattern = include.find(each => /^[^*?[\]{}]*\*[^*?/[\]{}]*$/.test(each))
  if (pattern === undefined) return undefined
  const file = pattern.replace('*', () => name)
  return isAbsolute(file) ? file : join(dirname(main), file)
}

function failed(message: string): IncludedNames {
  return { files: [], problem: { severity: 'error', message } }
}

type Listed = { readonly names: readonly string[] } | { readonly reason: string; readonly isMissing: boolean }

function namesIn(folder: string): Listed {
  try {
    return { names: readdirSync(folder).sort() }
  } catch (error) {
    return { reason: reasonOf(error), isMissing: isMissing(error) }
  }
}

/** Why a link without a target counts as a file: it must be reported, and not silently remove a customer. */
function isNoFolder(path: string): boolean {
  try {
    lstatSync(path)
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true
  } catch (error) {
    // Why: anything else, such as a lack of permission, is reported when the file is read.
    return !isMissing(error)
  }
}

function isMissing(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException
  return code === 'ENOENT' || code === 'ENOTDIR'
}

function isWildcard(part: string): boolean {
  return /[*?]/.test(part)
}

/** Why not these: editors write `.a.yaml.swp`, `.#a.yaml`, `#a.yaml#` and `a.yaml~`, and Kubernetes has a folder `..data`. */
function isMatch(name: string, pattern: string): boolean {
  const isTemporary = (name.startsWith('.') && !pattern.startsWith('.')) || name.startsWith('#') || name.endsWith('~')
  return !isTemporary && matches(name, pattern)
}

/** Why no regular expression: two wildcards can make one take quadratic time. */
function matches(name: string, pattern: string): boolean {
  let [at, from, star, retry] = [0, 0, -1, 0]
  while (at < name.length) {
    if (pattern[from] === '*') {
      star = from++
      retry = at
    } else if (pattern[from] === '?' || pattern[from] === name[at]) {
      from++
      at++
    } else if (star >= 0) {
      from = star + 1
      at = ++retry
    } else return false
  }
  return /^\**$/.test(pattern.slice(from))
}
