/**
 * Lines of the log onto a file descriptor, in blocks. Why not pino's own stream: it keeps lines as text until they are
 * written, which cost a tenth of a request in copying and collecting.
 */
import { write, writeSync } from 'node:fs'

export interface LogStream {
  /** A line that does not fit while the system takes no more is lost: mail programs are answered all the same. */
  write(line: string): void
  /** @param done called when everything so far is written, or cannot be */
  flush(done: () => void): void
}

export interface System {
  readonly write: (
    fd: number,
    block: Buffer,
    done: (error: NodeJS.ErrnoException | null, bytes: number) => void
  ) => void
}

const blockBytes = 64 * 1024

const newline = '\n'.charCodeAt(0)

/** Milliseconds that a line waits for others. */
const restMs = 250

/** Milliseconds until a pipe that was full is tried again. */
const retryMs = 20

export interface LogStreamOptions {
  /** Of what is written at once: whole lines, as long as none is longer. Default: as much as there is. */
  readonly pieceBytes?: number
}

export function createLogStream(
  fd: number,
  system: System = { write },
  { pieceBytes = blockBytes }: LogStreamOptions = {}
): LogStream {
  let filling = Buffer.allocUnsafeSlow(blockBytes)
  let spare = Buffer.allocUnsafeSlow(blockBytes)
  let used = 0
  let busy = false
  let timer: NodeJS.Timeout | undefined
  let waiting: (() => void)[] = []

  function send(): void {
    clearTimeout(timer)
    timer = undefined
    if (busy) return
    if (used === 0) {
      const done = waiting
      waiting = []
      for (const each of done) each()
      return
    }
    const block = filling.subarray(0, used)
    const next = spare
    spare = filling
    filling = next
    used = 0
    busy = true
    put(block)
  }

  function put(block: Buffer): void {
    system.write(fd, pieceOf(block, pieceBytes), (error, bytes) => {
      if (error?.code === 'EAGAIN') setTimeout(put, retryMs, block)
      else if (error === null && bytes < block.length) put(block.subarray(bytes))
      else {
        busy = false
        if (waiting.length > 0) send()
        else if (used > 0) timer ??= setTimeout(send, restMs).unref()
      }
    })
  }

  process.on('exit', () => {
    // Why not thrown: where it cannot be written, nobody is left to be told.
    if (used > 0) attempt(() => writeSync(fd, filling, 0, used))
  })

  return {
    write(line) {
      // Why three: no UTF-16 unit of a line takes more bytes in UTF-8.
      const most = line.length * 3
      if (used + most > blockBytes) send()
      if (used + most > blockBytes) return
      used += filling.write(line, used)
      timer ??= setTimeout(send, restMs).unref()
    },
    flush(done) {
      waiting.push(done)
      send()
    }
  }
}

/** @returns so many lines from the beginning as fit, or the first one where it does not */
function pieceOf(block: Buffer, most: number): Buffer {
  if (block.length <= most) return block
  const end = block.lastIndexOf(newline, most - 1)
  return block.subarray(0, 1 + (end >= 0 ? end : block.indexOf(newline, most)))
}

function attempt(work: () => unknown): void {
  try {
    work()
  } catch {}
}
