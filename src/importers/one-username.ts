/**
 * One rule for the user name of all servers of a provider, as the table has it.
 */
import { found } from '../settings/load/finding.ts'
import type { Draft } from './draft.ts'
import type { Dropped } from './imported.ts'

/** @returns with the rule of the first server that has one; servers with another get a note */
export function oneUsername(draft: Draft, gone: Dropped[]): Draft {
  const [first] = draft.servers.filter(({ username }) => username !== undefined)
  if (first?.username === undefined) return draft
  const { username, origin } = first
  const servers = draft.servers.map(server => {
    if (server.username === undefined || server.username === username) return server
    const own = `Its own user name was ${found(server.username)}, which the table cannot say.`
    gone.push({
      origin: server.origin,
      what: `username ${found(server.username)}`,
      why: `all servers of a provider have one, here ${found(username)}`
    })
    return { ...server, note: server.note === undefined ? own : `${server.note} ${own}` }
  })
  return { ...draft, username: { value: username, origin }, servers }
}
