/**
 * The file descriptor that workers write the log to. It is the standard output of the primary process.
 *
 * Why not 1: whenever a process is started, libuv makes its descriptors 0 to 2 blocking, and with them those of all
 * processes that share them. A log pipe that is full and that nobody reads would then keep a process from ending.
 */
export const workerLogFd = 4
