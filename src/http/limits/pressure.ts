/**
 * Whether the process has more to do than it can, measured once a second.
 *
 * Why without @fastify/under-pressure: it calls `process.memoryUsage()` in a timer, which opens a file of /proc and throws if
 * the process has no file descriptor left. That would end the service.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { getHeapStatistics } from 'node:v8'
import type { FastifyInstance } from 'fastify'
import type { Limits } from '../../settings/limits.ts'

export interface PressureOptions {
  /** @returns bytes of resident memory. @throws if the system cannot tell */
  readonly readRss?: () => number
}

const megabyte = 1024 * 1024

const measureMs = 1000

/** How often the delay of the event loop is sampled. */
const resolutionMs = 10

/** @param app must not be ready yet. @returns tells whether requests should be refused, without measuring anything */
export function createPressure(
  app: FastifyInstance,
  { overload }: Pick<Limits, 'overload'>,
  { readRss = process.memoryUsage.rss }: PressureOptions = {}
): () => boolean {
  const { delayMilliseconds, heapMegabytes, rssMegabytes } = overload
  if (delayMilliseconds + heapMegabytes + rssMegabytes === 0) return () => false
  const delays = monitorEventLoopDelay({ resolution: resolutionMs })
  let isOver = false

  function isLate(): boolean {
    const meanMs = delays.mean / 1e6 - resolutionMs
    delays.reset()
    // Why not `>`: without a single sample it is NaN, and the delay as long as can be.
    return !(meanMs <= delayMilliseconds)
  }

  function isLarge(): boolean {
    try {
      return readRss() > rssMegabytes * megabyte
    } catch {
      // Why no overload: it is unknown, and other limits protect the service.
      return false
    }
  }

  function measure(): void {
    isOver =
      (delayMilliseconds > 0 && isLate()) ||
      (heapMegabytes > 0 && getHeapStatistics().used_heap_size > heapMegabytes * megabyte) ||
      (rssMegabytes > 0 && isLarge())
  }

  delays.enable()
  const timer = setInterval(measure, measureMs).unref()
  app.addHook('onClose', async () => {
    clearInterval(timer)
    delays.disable()
  })
  // Why listening: until then the process is busy with its own start.
  return () => isOver && app.server.listening
}
