/**
 * The file descriptor that the log is written to.
 */
import { constants, openSync } from 'node:fs'
import { isatty } from 'node:tty'

export interface DescriptorSystem {
  readonly isTerminal: (fd: number) => boolean
  readonly open: (path: string, flags: number) => number
}

const { O_WRONLY, O_NONBLOCK, O_NOCTTY } = constants

/**
 * Why another one for a terminal: while it is paused (Ctrl-S), a write to it does not return, and Node waits for that write before
 * the process ends. Why not for pipes: Node already makes them non-blocking.
 * @returns a descriptor whose writes do not block if the system has one, or else the same descriptor
 */
export function logDescriptor(fd: number, system: DescriptorSystem = { isTerminal: isatty, open: openSync }): number {
  if (!system.isTerminal(fd)) return fd
  try {
    return system.open(`/proc/self/fd/${fd}`, O_WRONLY | O_NONBLOCK | O_NOCTTY)
  } catch {
    return fd
  }
}
