/**
 * Answers to challenges by http, as files: any process of any node that shares the folder can give them.
 */
import { join } from 'node:path'
import { isToken, type Solver } from '../../acme/order.ts'
import { type CertificateStorage, readExisting } from './certificate-storage.ts'

export const challengeFolder = 'challenges'

export function createChallengeFiles(storage: CertificateStorage): Solver {
  return {
    type: 'http-01',
    async present({ token, keyAuthorization }) {
      const file = fileOf(token)
      await storage.write(file, keyAuthorization)
      return async () => {
        // Why ignored: the result of the order is known already.
        await storage.remove(file).catch(() => undefined)
      }
    }
  }
}

/** @param token as a client sent it. @returns the answer; undefined if the token is unknown */
export async function readChallenge(storage: CertificateStorage, token: string): Promise<string | undefined> {
  // Why: it is the name of a file, and must not lead to another folder.
  if (!isToken(token)) return undefined
  return await storage.read(fileOf(token)).catch(() => undefined)
}

/** @param token of a challenge that is presented. @returns its answer. @throws StorageFault */
export async function storedChallenge(storage: CertificateStorage, token: string): Promise<string> {
  return await readExisting(storage, fileOf(token))
}

function fileOf(token: string): string {
  return join(challengeFolder, token)
}
