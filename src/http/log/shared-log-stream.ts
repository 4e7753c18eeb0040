/**
 * Lines of the log onto a file descriptor that several processes write to, so that none of them tears another one's lines.
 */
import { fstatSync } from 'node:fs'
import { createLogStream, type LogStream } from './log-stream.ts'

/** Spec: POSIX write(2), PIPE_BUF of Linux: what is longer may be mixed with what others write into a pipe. */
const pipeBytes = 4096

export function createSharedLogStream(fd: number): LogStream {
  // Why not in a file: there one write is never mixed with another one.
  return createLogStream(fd, undefined, fstatSync(fd).isFile() ? {} : { pieceBytes: pipeBytes })
}
