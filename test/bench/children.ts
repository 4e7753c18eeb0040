// The child processes of a run: pinned to a core if possible, and always ended with the run.
import { type ChildProcess, type StdioOptions, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism, constants } from 'node:os'

const running = new Set<ChildProcess>()

process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => process.exit(128 + constants.signals[signal]))

export type Core = 0 | 1

/** Whether each child can be pinned to a core. */
export const pinning = availableParallelism() > 1 && spawnSync('taskset', ['-c', '0,1', 'true']).status === 0

export const startChild = (
  command: string,
  args: readonly string[],
  { stdio, core }: { stdio: StdioOptions; core?: Core | undefined }
): ChildProcess => {
  // Why: taskset replaces itself with the command, so the process id is that of the command.
  const [file, ...rest] =
    pinning && core !== undefined ? ['taskset', '-c', String(core), command, ...args] : [command, ...args]
  const child = spawn(file, rest, { stdio, env: { ...process.env, NODE_ENV: 'production' } })
  running.add(child)
  child.once('exit', () => running.delete(child))
  child.once('error', () => running.delete(child))
  return child
}

export const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null

const PATIENCE_MS = 3000

export const stopChild = async (child: ChildProcess): Promise<void> => {
  if (hasEnded(child)) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS)
  await ended
  clearTimeout(timer)
}
