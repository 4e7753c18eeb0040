/**
 * A file's bytes, or in words why it cannot be read. Only ordinary files of limited size are read: a FIFO would block the
 * process until somebody writes to it, and a device may have no end.
 */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'

const { O_RDONLY, O_NONBLOCK, O_NOCTTY } = constants

/** @param mostBytes that the file may have */
export function readBytes(file: string, mostBytes: number): { readonly bytes: Buffer } | { readonly reason: string } {
  try {
    // Why not blocking: opening a FIFO would wait for its writer. What is opened is looked at, so it cannot be exchanged.
    const descriptor = openSync(file, O_RDONLY | O_NONBLOCK | O_NOCTTY)
    try {
      return readAll(descriptor, mostBytes)
    } finally {
      closeSync(descriptor)
    }
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException
    return { reason: reasons[code] ?? message }
  }
}

function readAll(descriptor: number, mostBytes: number): ReturnType<typeof readBytes> {
  const status = fstatSync(descriptor)
  if (status.isDirectory()) return { reason: 'it is a folder' }
  if (!status.isFile()) return { reason: 'it is not an ordinary file' }
  if (status.size > mostBytes) return { reason: `found ${status.size} bytes, expected at most ${mostBytes}` }
  // Why one more: it shows that the file has ended. Files of /proc have the size 0, so the size says too little.
  const chunks: Buffer[] = []
  let total = 0
  for (;;) {
    const chunk = Buffer.allocUnsafe(Math.max(status.size + 1 - total, chunkBytes))
    const count = readSync(descriptor, chunk)
    if (count === 0) return { bytes: Buffer.concat(chunks, total) }
    total += count
    if (total > mostBytes) return { reason: `found more than ${mostBytes} bytes` }
    chunks.push(chunk.subarray(0, count))
  }
}

const chunkBytes = 4096

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EACCES: 'permission denied',
  // Spec: open(2): a socket, or a device without a driver.
  ENXIO: 'it is not an ordinary file'
}
