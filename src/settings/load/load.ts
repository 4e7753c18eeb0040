/**
 * Loads YAML text into a checked table, or reports all problems at once with their positions in the files.
 */
import { findFaults } from '../check/check.ts'
import type { Settings } from '../schema.ts'
import { createTable, type Table } from '../table.ts'
import { error, type Fault, type Finding, warning } from './finding.ts'
import { type MergedFiles, mergeFiles } from './merged-files.ts'
import { parseSettingsFile, type SettingsFile, unreadableFile } from './settings-file.ts'
import { type ValidProviders, validProviders } from './valid-providers.ts'

export interface Loaded {
  /** Undefined if a finding is an error. */
  readonly table: Table | undefined
  /** What matches the schema, for further checks if there is no table. Required keys may have an empty value. */
  readonly settings: Settings
  readonly findings: readonly Finding[]
  /** Adds the position in the file to a fault that was found later. */
  readonly locate: (fault: Fault) => Finding
  /** @returns whether a fault that was found later may only be there because a value in a file cannot be used */
  readonly isDoubtful: (fault: Pick<Fault, 'path' | 'other' | 'basedOn'>) => boolean
  /** Makes a table of the providers without errors. */
  readonly withoutErrors: () => ValidProviders
}

export interface LoadOptions {
  /** Reads a logo that the table names. Default: no logos. */
  readonly readLogo?: ReadLogo
  /** Reads the files of a pattern in `include`. Default: there are none. */
  readonly readIncluded?: ReadIncluded
}

/**
 * @param name as in the table
 * @param options.namedIn the file that names it
 * @returns the logo as a data: URL, or the reason why it cannot be shown
 */
export type ReadLogo = (
  name: string,
  options: { readonly namedIn: string }
) => { readonly url: string } | { readonly reason: string }

/** @returns the files of a pattern, without those of an earlier one */
export type ReadIncluded = (pattern: string) => IncludedFiles

export interface IncludedFiles {
  readonly files: readonly IncludedFile[]
  /** A problem with the pattern itself. */
  readonly problem?: Pick<Fault, 'severity' | 'message'> | undefined
}

export type IncludedFile = { readonly file: string } & ({ readonly text: string } | { readonly reason: string })

const nothingIncluded: ReadIncluded = () => ({
  files: [],
  problem: { severity: 'error', message: 'only a settings file can include others' }
})

/** @param file the file name in findings */
export function load(text: string, file: string, options: LoadOptions = {}): Loaded {
  const { readLogo, readIncluded = nothingIncluded } = options
  const main = parseSettingsFile(text, file)
  const read = (main.settings.include ?? []).map(readIncluded)
  const included = read.flatMap(({ files }) => files.map(each => parseIncluded(each, file)))
  const merged = mergeFiles(main, included)
  const { settings, locate, isDoubtful } = merged
  const patternFaults = read.flatMap(({ problem }, index) =>
    problem === undefined ? [] : [{ ...problem, path: ['include', index] }]
  )
  const faults = findFaults(settings).filter(fault => !isDoubtful(fault))
  const { logos, missing } = readLogo ? logosOf(merged, readLogo) : noLogos
  const found = [
    ...[main, ...included].flatMap(each => each.findings),
    ...[...patternFaults, ...faults, ...missing].map(locate)
  ]
  const findings = sorted([...found, ...lackOfProviders(main, merged, found)], [main, ...included])
  const table = hasErrors(findings) ? undefined : createTable(settings, logos)
  const withoutErrors = () => validProviders(settings, { faults, isDoubtful })
  return { table, settings, findings, locate, isDoubtful, withoutErrors }
}

function parseIncluded(each: IncludedFile, includedBy: string): SettingsFile {
  return 'text' in each
    ? parseSettingsFile(each.text, each.file, { includedBy })
    : unreadableFile(each.file, each.reason)
}

/** Why not part of the schema: the providers may be in any file. */
function lackOfProviders(main: SettingsFile, { settings, locate }: MergedFiles, found: readonly Finding[]): Finding[] {
  const { include } = main.settings
  if (settings.providers.length > 0 || !main.lacksProviders || (include !== undefined && hasErrors(found))) return []
  const where = include === undefined ? '' : ' in this file or an included one'
  return [locate(error([], `found no providers, expected a list with at least one provider${where}`))]
}

/** In the order of the files, and of the positions in each. */
function sorted(findings: readonly Finding[], files: readonly SettingsFile[]): Finding[] {
  const order = new Map(files.map(({ file }, index) => [file, index]))
  const orderOf = ({ file }: Finding) => Number(order.get(file))
  return findings.toSorted((a, b) => orderOf(a) - orderOf(b) || a.line - b.line || a.column - b.column)
}

interface Logos {
  /** data: URLs by the id of the provider. */
  readonly logos: ReadonlyMap<string, string>
  /** Why: these are only warnings, because mail programs do not need the logo. */
  readonly missing: readonly Fault[]
}

const noLogos: Logos = { logos: new Map(), missing: [] }

function logosOf({ settings, fileOf }: MergedFiles, readLogo: ReadLogo): Logos {
  const logos = new Map<string, string>()
  const missing: Fault[] = []
  for (const [index, { id, brand }] of settings.providers.entries()) {
    if (brand?.logo === undefined) continue
    const read = readLogo(brand.logo, { namedIn: fileOf(index) })
    if ('url' in read) logos.set(id, read.url)
    else missing.push(warning(['providers', index, 'brand', 'logo'], `${read.reason}: the page shows the name instead`))
  }
  return { logos, missing }
}

function hasErrors(findings: readonly Finding[]): boolean {
  return findings.some(({ severity }) => severity === 'error')
}
