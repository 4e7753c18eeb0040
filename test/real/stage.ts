// The scratch folder of one test, and the programs that run in it until it ends.

import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Stoppable {
  stop(): unknown
}

export interface Stage {
  /** Path of a file or folder in the scratch folder. */
  within(name: string): string
  /** Stops the program at the end of the test. */
  keep<Program extends Stoppable>(starting: Promise<Program>): Promise<Program>
  /** Stops everything in reverse order, and removes the scratch folder. */
  stop(): Promise<void>
}

export async function createStage(name: string): Promise<Stage> {
  const directory = await mkdtemp(join(tmpdir(), `${name}-`))
  await chmod(directory, 0o755) // the servers' own users go through it
  const running: Stoppable[] = [{ stop: () => rm(directory, { recursive: true, maxRetries: 5 }) }]
  return {
    within: part => join(directory, part),
    async keep(starting) {
      const started = await starting
      running.push(started)
      return started
    },
    async stop() {
      for (const part of running.splice(0).reverse()) await part.stop()
    }
  }
}

/** Waits for all, so that everything that started is stopped before a failure is reported. */
export async function allStarted<Programs extends readonly unknown[] | []>(
  starting: Programs
): Promise<{ -readonly [Index in keyof Programs]: Awaited<Programs[Index]> }> {
  await Promise.allSettled(starting)
  return await Promise.all(starting)
}
