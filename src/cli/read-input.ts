/**
 * Reads standard input.
 */
import { errors } from '../errors.ts'

/** Why: a database of automx2 may have so many, and an endless input must not fill the memory. */
const mostInput = 64 * 1024 * 1024

/** @param mostBytes the limit. Rejects with AC_USAGE if there are more */
export async function readInput(stream: AsyncIterable<Buffer>, mostBytes = mostInput): Promise<Buffer> {
  const chunks: Buffer[] = []
  let total = 0
  for await (const chunk of stream) {
    total += chunk.length
    if (total > mostBytes) {
      throw errors.usage({ problem: `standard input: found more than ${mostBytes} bytes, expected at most as many` })
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
