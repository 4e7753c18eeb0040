/**
 * Another program, to its end.
 */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

export interface RunOptions {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
}

/** @returns standard output. @throws with what it printed if it fails */
export async function run(command: string, args: readonly string[], { cwd, env }: RunOptions = {}): Promise<string> {
  const { stdout } = await promisify(execFile)(command, args, {
    ...(cwd === undefined ? {} : { cwd }),
    env: { ...process.env, ...env },
    maxBuffer: 64 * 1024 * 1024
  })
  return stdout
}
