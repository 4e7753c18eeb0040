/**
 * Processes that tests start. Why: tap loads itself into each of them and counts their coverage, which doubles the time that
 * they take to start. Most of them run nothing that other tests do not cover.
 */
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'

const compileCache = fileURLToPath(new URL('../../.tap/compile-cache', import.meta.url))

/** Variables of a process whose coverage does not count. Why only there with a cache: the coverage of cached code is not exact. */
export const uncovered = { _TAPJS_PROCESSINFO_COVERAGE_: '0', NODE_COMPILE_CACHE: compileCache } as const

/** The coverage of processes that start during the test does not count. */
export function leaveOutProcesses(t: Test): void {
  const before = { ...process.env }
  Object.assign(process.env, uncovered)
  t.teardown(() => {
    for (const name of Object.keys(uncovered)) {
      if (before[name] === undefined) delete process.env[name]
      else process.env[name] = before[name]
    }
  })
}
