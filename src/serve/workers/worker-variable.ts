/**
 * The environment variable that makes a process of the same command a worker. Its value is the worker's number.
 */
export const workerVariable = 'SIGNPOST_WORKER'
