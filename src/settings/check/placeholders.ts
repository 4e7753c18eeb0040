/**
 * Checks that placeholders are where they are replaced. Elsewhere, people would see them.
 */
import { error, type Fault, found, type Path, warning } from '../load/finding.ts'
import { foreignPlaceholder, type Placeholder, placeholders } from '../names/placeholder.ts'
import type { Settings } from '../schema.ts'

/** @param settings must match the schema. @returns one error for each text with a placeholder that is not replaced there */
export function checkPlaceholders(settings: Settings): Fault[] {
  return checkValue(settings, [])
}

function checkValue(value: unknown, path: Path): Fault[] {
  if (typeof value === 'string') return checkText(value, path)
  if (typeof value !== 'object' || value === null) return []
  const isList = Array.isArray(value)
  return Object.entries(value).flatMap(([key, item]) => checkValue(item, [...path, isList ? Number(key) : key]))
}

/** Misspelt ones, too. Observed: Thunderbird also knows %REALNAME%, which older drafts of autoconfig had. */
const lookalike = /%(?:EMAIL|REALNAME)[A-Z]*%?/gi

function checkText(text: string, path: Path): Fault[] {
  const rule = rules.find(({ of }) => of.test(pathPattern(path)))
  if (rule?.replaced === 'checked elsewhere') return []
  const replaced: readonly string[] = rule?.replaced ?? []
  const stray = text.match(lookalike)?.find(each => !replaced.includes(each))
  if (stray === undefined) return checkForeign(text, path, replaced)
  const most = replaced.length === placeholders.length ? 'one of ' : 'only '
  const what = replaced.length === 0 ? 'no placeholder, because it is not replaced here' : most + replaced.join(', ')
  return [error(path, `found ${found(stray)}, expected ${what}`)]
}

/** Why a warning: the text may mean itself. */
export function checkForeign(text: string, path: Path, replaced: readonly string[]): Fault[] {
  const foreign = replaced.length === 0 ? undefined : foreignPlaceholder(text)
  return foreign === undefined
    ? []
    : [warning(path, `found ${found(foreign)}, which is not replaced, expected ${replaced.join(', ')}`)]
}

/** @returns such as `providers.servers.host`, without the indexes of lists */
function pathPattern(path: Path): string {
  return path.filter(key => typeof key === 'string').join('.')
}

const domainOnly: readonly Placeholder[] = ['%EMAILDOMAIN%']

const rules: readonly { readonly of: RegExp; readonly replaced: readonly Placeholder[] | 'checked elsewhere' }[] = [
  { of: /^providers\.(?:name|shortName|website|webmail|documentation\.url|password\.url)$/, replaced: domainOnly },
  { of: /^providers\.password\.note\./, replaced: placeholders },
  // Why: the checks of these values report their mistakes more precisely, and queries may contain anything.
  {
    of: /^providers\.(?:username|servers\.(?:host|url|username)|autodiscover\.redirect|domains|mx)$/,
    replaced: 'checked elsewhere'
  },
  { of: /^(?:users\.unknown|directory\.query$|users\.query$)/, replaced: 'checked elsewhere' }
]
