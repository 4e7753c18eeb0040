/**
 * Whether the process has more to do than it can: measured once a second by @fastify/under-pressure.
 */
import underPressure from '@fastify/under-pressure'
import type { FastifyInstance } from 'fastify'
import type { Limits } from '../../settings/limits.ts'

const megabyte = 1024 * 1024

/** @param app must not be ready yet */
export function createPressure(app: FastifyInstance, { overload }: Pick<Limits, 'overload'>): () => boolean {
  const { delayMilliseconds, heapMegabytes, rssMegabytes } = overload
  let isUnderPressure: () => boolean
  // Why a scope without routes: the plugin's own hook would work out the options of a route at every request.
  app.register(async scope => {
    await scope.register(underPressure, {
      maxEventLoopDelay: delayMilliseconds,
      maxHeapUsedBytes: heapMegabytes * megabyte,
      maxRssBytes: rssMegabytes * megabyte
    })
    isUnderPressure = scope.isUnderPressure
  })
  // Why listening: until then the process is busy with its own start, and nothing is measured.
  return () => app.server.listening && isUnderPressure()
}
