/**
 * All files of a settings table as one: the main file first, then those that it includes.
 */
import type { ProviderSettings, Settings } from '../schema.ts'
import { describePosition, error, type Fault, type Finding, type Path } from './finding.ts'
import type { SettingsFile } from './settings-file.ts'

export interface MergedFiles {
  readonly settings: Settings
  /** Adds the file and the position to a fault in `settings`. */
  locate(fault: Fault): Finding
  /** @param index of a provider. @returns the file that has it */
  fileOf(index: number): string
  /** @returns whether a fault in `settings` may only be there because a file could not be used completely */
  isDoubtful(fault: Fault): boolean
}

/** These refer to providers by id, or need one with a certain field. */
const referrers: readonly unknown[] = ['users', 'mxLookup']

export function mergeFiles(main: SettingsFile, included: readonly SettingsFile[]): MergedFiles {
  const files = [main, ...included]
  const providers: ProviderSettings[] = []
  const owners: { readonly file: SettingsFile; readonly index: number }[] = []
  for (const file of files) {
    for (const [index, provider] of (file.settings.providers ?? []).entries()) {
      providers.push(provider)
      owners.push({ file, index })
    }
  }
  const arePartial = files.some(({ isPartial }) => isPartial)

  /** @returns the file of a path in the merged settings, and the path in that file */
  function placeOf(path: Path): { readonly file: SettingsFile; readonly path: Path } {
    const owner = path[0] === 'providers' ? owners[Number(path[1])] : undefined
    if (owner === undefined) return { file: main, path: main.pathOf(path) }
    return { file: owner.file, path: owner.file.pathOf(['providers', owner.index, ...path.slice(2)]) }
  }

  function locate(fault: Fault): Finding {
    const { file, path } = placeOf(fault.path)
    const { message } = fault
    const other = fault.other && placeOf(fault.other)
    const where = other && describePosition(other.file.locate(error(other.path, '')))
    return file.locate({ ...fault, path, message: where === undefined ? message : `${message} (${where})` })
  }

  return {
    settings: { ...main.settings, providers },
    locate,
    fileOf: index => placeOf(['providers', index]).file.file,
    isDoubtful(fault) {
      if (arePartial && referrers.includes(fault.path[0])) return true
      const { file, path } = placeOf(fault.path)
      return file.isPartial && file.isDoubtful({ ...fault, path })
    }
  }
}
