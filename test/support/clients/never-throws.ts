/**
 * The property of every model: for any responses, it finds an account or gives a reason.
 */
import fc from 'fast-check'
import type { Client } from '../../../src/clients/model/client.ts'
import { anyWorld } from './any-world.ts'
import { address } from './plain-document.ts'

/** @throws the world in which the model throws or gives neither account nor reason */
export async function neverThrows(client: Client): Promise<void> {
  await fc.assert(
    fc.asyncProperty(anyWorld, async world => {
      const { account, reason } = await client.discover(address, world)
      return (account === undefined) !== (reason === undefined)
    }),
    { numRuns: 500 }
  )
}
