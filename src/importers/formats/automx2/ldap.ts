/**
 * The LDAP server of automx2 as a comment: `users` of Signpost looks up login names there.
 */
import { writeCommentedYaml } from '../../../formats/commented-yaml.ts'
import type { Row } from './database.ts'

/** @returns an explanation with the block `users` as YAML; it contains no password */
export function describeLdap(server: Row): string {
  const { name, port, use_ssl, search_base, search_filter, attr_uid, bind_user } = server
  const filter = typeof search_filter === 'string' ? search_filter.replaceAll('{0}', ':address') : '(mail=:address)'
  // Why: the stored name is compared with the address, and only the filter shows which attribute contains it.
  const [, address = 'mail'] = /\(([A-Za-z][\w-]*)=:address/.exec(filter) ?? []
  const users = {
    type: 'ldap',
    host: String(name),
    ...(Number.isInteger(port) && { port }),
    security: Number(use_ssl) === 1 ? 'tls' : 'none',
    ...(typeof bind_user === 'string' && { user: bind_user, passwordFile: 'ldap-password' }),
    ...(typeof search_base === 'string' && { base: search_base }),
    filter,
    attributes: { address, username: typeof attr_uid === 'string' ? attr_uid : 'uid' },
    unknown: 'user????',
    secretFile: 'users-key'
  }
  const yaml = writeCommentedYaml({ users }, []).trimEnd()
  return `automx2 looked up login names in LDAP here. Signpost does so with users, at the top level of the table:\n${yaml}`
}
