/**
 * A bound on what a server may send: a driver collects an announced message, however long, until it is complete.
 */
import type { Duplex } from 'node:stream'
import { answerTooLong, DirectoryFailure } from './directory-failure.ts'

/** Bytes for one answer. A row of a directory has a few hundred; a query that returns a whole table is a mistake. */
export const mostAnswerBytes = 256 * 1024

type Counted = Duplex & { readonly bytesWritten: number }

/**
 * Destroys the stream when more comes than `most` bytes since something was last written to it.
 * @returns the stream
 */
export function boundAnswers<S extends Counted>(stream: S, most = mostAnswerBytes): S {
  let written = 0
  let received = 0
  stream.on('data', (chunk: Buffer) => {
    if (stream.bytesWritten !== written) received = 0
    written = stream.bytesWritten
    received += chunk.length
    // Why a refusal: one row that is too large must not make the directory unavailable for every other name.
    if (received > most) stream.destroy(new DirectoryFailure(answerTooLong, { isRefusal: true }))
  })
  return stream
}
