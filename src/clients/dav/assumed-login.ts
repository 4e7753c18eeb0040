/**
 * A world in which every login at a DAV server succeeds, for models that have no password. It shows where a program arrives.
 */
import type { HttpRequest, HttpResponse, World } from '../model/world.ts'

/**
 * @returns the world, with the response of a server for calendars and contacts in place of 401. Without WWW-Authenticate, programs
 * do not log in (RFC 9110 11.6.1).
 */
export function assumeLogin(world: World): World {
  return {
    ...world,
    async exchange(request) {
      const response = await world.exchange(request)
      const asksForLogin = response.status === 401 && response.headers['www-authenticate'] !== undefined
      return asksForLogin ? afterLogin(request) : response
    }
  }
}

/** Spec: RFC 4918 9.1 and 10.1, RFC 5397 3. */
function afterLogin({ method }: HttpRequest): HttpResponse {
  const headers = { dav: '1, calendar-access, addressbook' }
  if (method === 'OPTIONS') return { status: 200, headers, body: '' }
  const principal = '<prop><current-user-principal><href>/</href></current-user-principal></prop>'
  return {
    status: 207,
    headers,
    body: `<multistatus xmlns="DAV:"><response><propstat>${principal}</propstat></response></multistatus>`
  }
}
