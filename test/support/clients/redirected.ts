/**
 * Which redirects a program follows to a document on another host.
 */
import type { Client } from '../../../src/clients/model/client.ts'
import { fakeWorld } from './fake-world.ts'
import { address, clientConfig } from './plain-document.ts'

/**
 * Answers a URL with a redirect to `example.net/a`, which serves the plain document over https and http.
 * @param from the URL that the program requests
 * @param location of the redirect
 * @returns where the program found its settings; undefined if it did not follow
 */
export async function foundAfterRedirect(client: Client, from: string, location: string): Promise<string | undefined> {
  const { account } = await client.discover(
    address,
    fakeWorld({
      [`GET ${from}`]: { status: 302, headers: { location } },
      'GET https://example.net/a': { body: clientConfig },
      'GET http://example.net/a': { body: clientConfig }
    })
  )
  return account?.from
}
