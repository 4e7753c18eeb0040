/**
 * Writes log lines to a file descriptor that several processes share, without interleaving their lines.
 */
import { fstatSync } from 'node:fs'
import { logDescriptor } from './log-descriptor.ts'
import { createLogStream, type LogStream } from './log-stream.ts'

/** Spec: POSIX write(2), with Linux' PIPE_BUF: longer writes to a pipe may be interleaved with those of other processes. */
const pipeBytes = 4096

export function createSharedLogStream(fd: number): LogStream {
  // Why no limit for files: the kernel never interleaves two writes to a file.
  return createLogStream(logDescriptor(fd), undefined, fstatSync(fd).isFile() ? {} : { pieceBytes: pipeBytes })
}
