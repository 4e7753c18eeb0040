/**
 * A worker as a process of its own, with a share in the ports of the primary process.
 */
import cluster from 'node:cluster'
import { createMember, type Member } from './worker-handle.ts'
import { workerVariable } from './worker-variable.ts'

/**
 * Why not node's round robin: there the primary process takes each connection and passes it on, which more than doubles
 * what a connection costs, and most mail programs make one for each request. Whoever has time takes the next one instead.
 * The kernel keeps those that nobody has taken yet, whichever worker ends; with a port of each worker's own (SO_REUSEPORT)
 * they would be lost.
 */
cluster.schedulingPolicy = cluster.SCHED_NONE

/** The last one, descriptor 4, is the log: see worker-log.ts. */
cluster.setupPrimary({ stdio: ['ignore', 'ignore', 'inherit', 'ipc', 1] })

/** @param task what the worker is told first, which it waits for */
export function forkWorker(number: number, task: object): Member {
  const worker = cluster.fork({ [workerVariable]: number })
  // Why: without a listener an error of the process (EAGAIN, EMFILE) would end this one. The member handles it.
  worker.on('error', () => undefined)
  // Why optional: a process that could not be made has no channel.
  worker.process.send?.(task, () => undefined)
  return createMember(worker.process, number)
}
