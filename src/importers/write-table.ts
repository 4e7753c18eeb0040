/**
 * Writes a settings table as YAML for people to edit: in the order of the documentation, without defaults, and with notes
 * as comments.
 */
import { writeCommentedYaml, type YamlComment } from '../formats/commented-yaml.ts'
import { printable } from '../settings/load/finding.ts'
import { defaultPort, defaultSecurity, isSocket, toProvider } from '../settings/provider.ts'
import type { ProviderSettings, ServerSettings, Settings } from '../settings/schema.ts'
import type { Note } from './to-settings.ts'

/** @param settings only the providers are written */
export function writeTable({ providers }: Settings, notes: readonly Note[]): string {
  const comments: YamlComment[] = notes.map(({ path, text }) => ({
    path: [...path],
    // Why: text from foreign sources could otherwise end the comment.
    text: text.split('\n').map(printable).join('\n')
  }))
  return writeCommentedYaml({ providers: providers.map(withoutDefaults) }, comments)
}

function withoutDefaults(provider: ProviderSettings): ProviderSettings {
  const { shortName, username, servers, ...rest } = provider
  const { id, name, domains, mx, ...more } = rest
  const isUsual = shortName === toProvider({ id, name, domains, servers }).shortName
  return {
    id,
    name,
    ...(shortName !== undefined && !isUsual && { shortName }),
    domains,
    ...(mx && { mx }),
    ...(username !== undefined && username !== '%EMAILADDRESS%' && { username }),
    servers: servers.map(serverWithoutDefaults),
    ...more
  }
}

function serverWithoutDefaults({ protocol, authentication = ['password'], ...server }: ServerSettings): ServerSettings {
  const methods = authentication.join() === 'password' ? {} : { authentication }
  if (!isSocket(protocol)) return { protocol, ...server, ...methods }
  const { host, port, security = defaultSecurity(protocol), ...rest } = server
  return {
    protocol,
    ...(host !== undefined && { host }),
    ...(port !== undefined && port !== defaultPort(protocol, security) && { port }),
    ...(security !== defaultSecurity(protocol) && { security }),
    ...methods,
    ...rest
  }
}
