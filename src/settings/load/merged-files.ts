/**
 * All files of a settings table as one: the main file first, then those that it includes.
 */
import type { ProviderSettings, Settings } from '../schema.ts'
import { describePosition, error, everyItem, type Fault, type Finding, type Path } from './finding.ts'
import type { SettingsFile } from './settings-file.ts'

export interface MergedFiles {
  readonly settings: Settings
  /** Adds the file and the position to a fault in `settings`. */
  locate(fault: Fault): Finding
  /** @param index of a provider. @returns the file that has it */
  fileOf(index: number): string
  /** @returns whether a fault in `settings` may only be there because a value in a file cannot be used */
  isDoubtful(fault: Pick<Fault, 'path' | 'other' | 'basedOn'>): boolean
}

interface Place {
  readonly file: SettingsFile
  /** In that file. */
  readonly path: Path
}

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
  /** @returns the file of a path in the merged settings, and the path in that file */
  function placeOf(path: Path): Place {
    const owner = path[0] === 'providers' ? owners[Number(path[1])] : undefined
    if (owner === undefined) return { file: main, path: main.pathOf(path) }
    return { file: owner.file, path: owner.file.pathOf(['providers', owner.index, ...path.slice(2)]) }
  }

  // Why only these: there may be thousands of files, and as many faults that are based on the providers of all.
  const partial = files.filter(({ unusable }) => unusable.touches([]))

  /** @returns the same for a path that may be that of every provider, without files in which everything is usable */
  function placesOf(path: Path): Place[] {
    return path[0] === 'providers' && path[1] === everyItem ? partial.map(file => ({ file, path })) : [placeOf(path)]
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
    isDoubtful({ path, other, basedOn = [] }) {
      const concerned = [path, ...(other === undefined ? [] : [other])]
      return (
        concerned.map(placeOf).some(place => place.file.unusable.has(place.path)) ||
        basedOn.flatMap(placesOf).some(place => place.file.unusable.touches(place.path))
      )
    }
  }
}
