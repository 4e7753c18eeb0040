/**
 * What an administrator can do if a mail program finds no settings in the table, or different ones.
 */
import type { ClientResult } from '../../conformance/matrix.ts'
import type { Dialect } from '../../dialects/dialect.ts'
import { dialects } from '../../dialects/index.ts'
import type { Provider } from '../../settings/provider.ts'

/** @returns a text for people; empty if there is nothing to do */
export function remedyOf({ client, verdict, detail, trace }: ClientResult, provider: Provider): string {
  if (verdict === 'same') return ''
  if (verdict === 'nothing' && client.name === 'apple') return 'Send people to the setup page, which has the profile.'
  if (verdict === 'nothing') {
    const missing = dialects
      .filter(dialect => isAsked(dialect, trace))
      .flatMap(dialect => missingReason(dialect, provider))
    return missing.length > 0
      ? missing.join(' ')
      : 'It needs what the table does not offer: give people the settings of the setup page.'
  }
  if (detail.includes('logs in to')) {
    return 'It makes its own login name. Let the servers accept that name too, or tell people which one to enter.'
  }
  return 'It chooses a different server than the first of the table. Offer only one server of each protocol, or put its choice first.'
}

function missingReason(dialect: Dialect, provider: Provider): string[] {
  if (!provider.dialects[dialect.name])
    return [`Set dialects.${dialect.name} to true: ${dialect.title} is switched off.`]
  const reason = dialect.unsupportedReason?.(provider)
  return reason === undefined ? [] : [`${dialect.title} is not served: ${reason}.`]
}

/** @returns whether the program has requested a path of the dialect */
function isAsked({ routes }: Dialect, trace: ClientResult['trace']): boolean {
  const paths = routes.map(({ path }) => path.replace(/\/:.*/, '').toLowerCase())
  return trace.some(({ asked }) => {
    const url = asked.split(' ')[1] ?? ''
    return URL.canParse(url) && paths.some(path => new URL(url).pathname.toLowerCase().startsWith(path))
  })
}
