/**
 * Checks of the rules of login names: of a provider, and of servers that need another one.
 */
import { basedOn, error, everyItem, expected, type Fault, found, type Path, warning } from '../load/finding.ts'
import { noLoginName } from '../names/login-name.ts'
import { expandName, placeholders, strayPlaceholder } from '../names/placeholder.ts'
import type { Protocol, ProviderSettings, ServerSettings } from '../schema.ts'

export function checkUsernames(provider: ProviderSettings, path: Path): Fault[] {
  const { username, servers } = provider
  return [
    ...(username === undefined ? [] : checkRule(username, [...path, 'username'])),
    ...servers.flatMap((server, index) =>
      server.username === undefined ? [] : checkServerRule(server, [...path, 'servers', index])
    ),
    ...checkDavNames(provider, path)
  ]
}

function checkServerRule({ protocol, username = '', authentication = [] }: ServerSettings, path: Path): Fault[] {
  const at = [...path, 'username']
  if (username !== noLoginName) return checkRule(username, at)
  if (authentication.length > 0 && authentication.every(method => method === 'none')) return []
  // Observed: Thunderbird 156 (readFromXML): a missing <username> becomes the text "undefined".
  const message = `found "none" without authentication: [none]: Thunderbird logs in to ${protocol} as "undefined"`
  return basedOn(
    [
      [...path, 'protocol'],
      [...path, 'authentication']
    ],
    [warning(at, message)]
  )
}

const known = placeholders.join(', ')

function checkRule(rule: string, path: Path): Fault[] {
  const stray = strayPlaceholder(rule)
  if (stray !== undefined) return [expected(path, stray, `one of ${known}, or %% for a percent sign`)]
  if (/\s/.test(rule)) return [expected(path, rule, 'no white space')]
  const literal = expandName(rule, { '%EMAILADDRESS%': '', '%EMAILLOCALPART%': '', '%EMAILDOMAIN%': '' })
  // Why: a literal name would be the same account for everyone. Observed: Thunderbird 156 reads a numeric <username> as a
  // number.
  if (literal === expandName(rule, {})) {
    const signs = rule.includes('%%') ? ', in which %% is a percent sign' : ''
    return [error(path, `found ${found(rule)}${signs}, expected at least one of ${known}`)]
  }
  const [replaced] = /%[A-Z]+%/.exec(literal) ?? []
  if (replaced !== undefined) {
    return [error(path, `found ${found(rule)}: mail programs would replace ${replaced}, expected other text`)]
  }
  return []
}

const davProtocols: readonly Protocol[] = ['caldav', 'carddav']

/** Observed: Thunderbird 156 uses the login name of the mail server for calendars and address books. */
function checkDavNames({ username = '%EMAILADDRESS%', servers }: ProviderSettings, path: Path): Fault[] {
  const ruleOf = (server: ServerSettings) => server.username ?? username
  const mail =
    servers.find(({ protocol }) => protocol === 'imap') ?? servers.find(({ protocol }) => protocol === 'pop3')
  if (mail === undefined) return []
  const faults = servers.flatMap((server, index) => {
    if (!davProtocols.includes(server.protocol) || ruleOf(server) === ruleOf(mail)) return []
    const what = `found ${found(ruleOf(server))} for ${server.protocol} and ${found(ruleOf(mail))} for ${mail.protocol}`
    return [warning([...path, 'servers', index], `${what}: Thunderbird uses the name of ${mail.protocol} for both`)]
  })
  const ofServers = ['protocol', 'username'].map(key => [...path, 'servers', everyItem, key])
  return basedOn([[...path, 'username'], ...ofServers], faults)
}
