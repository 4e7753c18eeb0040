/**
 * The providers without errors in a table that has errors elsewhere. Why: what mail programs would find of them can be
 * examined in the same run.
 */
import type { Settings } from '../schema.ts'
import { createTable, type Table } from '../table.ts'
import type { Fault, Path } from './finding.ts'

export interface ValidProviders {
  readonly table: Table
  /** The positions of its providers among those of all files. */
  readonly indexes: readonly number[]
}

/**
 * @param settings of all files
 * @param options.faults in them, beyond the schema
 * @param options.isDoubtful whether a fault may only be there because a value cannot be used
 */
export function validProviders(
  settings: Settings,
  { faults, isDoubtful }: { readonly faults: readonly Fault[]; readonly isDoubtful: (fault: Fault) => boolean }
): ValidProviders {
  const wrong = new Set(
    faults.filter(({ severity }) => severity === 'error').map(({ path: [block, index] }) => nameOf(block, index))
  )
  const isUsable = (path: Path) => !isDoubtful({ severity: 'error', path, message: '', basedOn: [path] })
  const isValid = (block: string, index?: number) =>
    !wrong.has(nameOf(block, index)) && isUsable(index === undefined ? [block] : [block, index])
  const valid = settings.providers
    .map((provider, index) => ({ provider, index }))
    // Why not only patterns: another provider, which has errors, may have the domain of the example.
    .filter(({ provider, index }) => provider.domains.some(isName) && isValid('providers', index))
  const { http, users } = settings
  return {
    table: createTable({
      providers: valid.map(({ provider }) => provider),
      ...(http && isValid('http') && { http }),
      ...(users && isValid('users') && { users })
    }),
    indexes: valid.map(({ index }) => index)
  }
}

function isName(domain: string): boolean {
  return !domain.startsWith('*')
}

/** Why the index only of providers: other blocks are used as a whole. */
function nameOf(block: unknown, index: unknown): string {
  return block === 'providers' ? `${block} ${index}` : String(block)
}
