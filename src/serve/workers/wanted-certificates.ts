/**
 * Certificates that a worker needs: it asks the primary process for them, which orders for all workers.
 */
import type { FromWorker, ToWorker } from './messages.ts'

export interface WantedCertificates {
  /** @returns whether the name has a certificate now; never rejects */
  want(name: string): Promise<boolean>
  /** @param stored called with the key of a group after its certificate has been stored */
  subscribe(stored: (key: string) => unknown): void
  /** Follows the messages that concern certificates. */
  receive(message: ToWorker): void
}

/** How many names may wait for the primary process. */
const mostPending = 200

export function createWantedCertificates(send: (message: FromWorker) => unknown): WantedCertificates {
  const pending = new Map<number, (isThere: boolean) => void>()
  let questions = 0
  let stored: (key: string) => unknown = () => undefined
  return {
    async want(name) {
      if (pending.size >= mostPending) return false
      const question = ++questions
      const { promise, resolve } = Promise.withResolvers<boolean>()
      pending.set(question, resolve)
      send({ type: 'wanted', question, name })
      return await promise
    },
    subscribe(listener) {
      stored = listener
    },
    receive(message) {
      if (message.type === 'certificate') stored(message.key)
      if (message.type !== 'answered') return
      pending.get(message.question)?.(message.isThere)
      pending.delete(message.question)
    }
  }
}
