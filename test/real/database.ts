// A real database or directory server that can be stopped, suspended and restarted.

import { type RunningProgram, run } from './program.ts'

export interface Breakable {
  stop(): Promise<void>
  /** Starts it again after a stop. */
  restart(): Promise<void>
  /** It keeps its connections open, but does not respond. */
  pause(): Promise<void>
  resume(): Promise<void>
}

export interface Database extends Breakable {
  host: string
  port: number
  /** The folder or path of its socket. */
  socket: string
  /** As its administrator. @param database default: the server's own */
  execute(statements: readonly string[], database?: string): Promise<void>
  /** Creates a database whose tables the user `signpost` may read. */
  create(database: string, statements: readonly string[]): Promise<void>
}

/** @returns the command as another user runs it, for `run` and `start` */
export function asUser(user: string, command: readonly string[]): [string, string[]] {
  return ['setpriv', [`--reuid=${user}`, `--regid=${user}`, '--init-groups', ...command]]
}

/** Signals the program and its children. Why not its process group: every connection of PostgreSQL has a separate one. */
export async function signalFamily({ pid }: RunningProgram, signal: NodeJS.Signals): Promise<void> {
  if (pid === undefined) throw new Error('it does not run')
  // Why the parent first: until it is stopped, it may start children that are not in the list.
  process.kill(pid, signal)
  const { output } = await run('pgrep', ['-P', String(pid)])
  for (const child of output.split('\n').filter(Boolean).map(Number)) {
    try {
      process.kill(child, signal)
    } catch {
      // It has ended in the meantime.
    }
  }
}
