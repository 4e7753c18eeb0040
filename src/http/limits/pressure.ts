/**
 * Whether the process has more to do than it can, measured once a second.
 *
 * Why without @fastify/under-pressure: it calls `process.memoryUsage()` in a timer, which opens a file of /proc and throws if
 * the process has no file descriptor left. That would end the service.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { getHeapStatistics } from 'node:v8'
import type { FastifyInstance } from 'fastify'
import type { CurrentLimits } from '../../settings/limits.ts'

export interface PressureOptions {
  /** @returns bytes of resident memory. @throws if the system does not report it */
  readonly readRss?: () => number
  /** How often it is measured, in milliseconds. Default: once a second. */
  readonly measureMs?: number
}

const megabyte = 1024 * 1024

/** How often the delay of the event loop is sampled. */
const resolutionMs = 10

/** @param app must not be ready yet. @returns a function that says whether requests should be refused, without measuring anything */
export function createPressure(
  app: FastifyInstance,
  limitsOf: CurrentLimits<'overload'>,
  { readRss = process.memoryUsage.rss, measureMs = 1000 }: PressureOptions = {}
): () => boolean {
  const delays = monitorEventLoopDelay({ resolution: resolutionMs })
  let isOver = false
  let isSampling = false

  /** Follows the settings. @returns whether there are samples since the last measurement */
  function sample(isWanted: boolean): boolean {
    const hasSamples = isSampling && isWanted
    if (isWanted === isSampling) return hasSamples
    isSampling = isWanted
    if (isWanted) delays.enable()
    else delays.disable()
    delays.reset()
    return hasSamples
  }

  function isLate(delayMilliseconds: number): boolean {
    const meanMs = delays.mean / 1e6 - resolutionMs
    delays.reset()
    // Why not `>`: without a single sample it is NaN, and the delay as long as can be.
    return !(meanMs <= delayMilliseconds)
  }

  function isLarge(rssMegabytes: number): boolean {
    try {
      return readRss() > rssMegabytes * megabyte
    } catch {
      // Why no overload: it is unknown, and other limits protect the service.
      return false
    }
  }

  function measure(): void {
    const { delayMilliseconds, heapMegabytes, rssMegabytes } = limitsOf().overload
    isOver =
      (sample(delayMilliseconds > 0) && isLate(delayMilliseconds)) ||
      (heapMegabytes > 0 && getHeapStatistics().used_heap_size > heapMegabytes * megabyte) ||
      (rssMegabytes > 0 && isLarge(rssMegabytes))
  }

  sample(limitsOf().overload.delayMilliseconds > 0)
  const timer = setInterval(measure, measureMs).unref()
  app.addHook('onClose', async () => {
    clearInterval(timer)
    delays.disable()
  })
  // Why listening: until then the process is busy with its own start.
  return () => isOver && app.server.listening
}
