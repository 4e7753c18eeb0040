/**
 * Entry of the process that a driver runs in.
 */
import { serveDirectory } from './serve-directory.ts'

process.title = 'signpost directory'

// Why ignored: a terminal and systemd send them to every process. The service decides when this one ends.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined)

serveDirectory({
  onMessage: heard => process.on('message', heard),
  onDisconnect: gone => process.on('disconnect', gone),
  onUncaught: thrown => process.on('uncaughtException', thrown),
  // Why a callback each time: without one, a message to a service that is gone would be an error.
  send: (message, sent = () => undefined) => void process.send?.(message, sent),
  exit: () => process.exit(),
  memory: () => process.resourceUsage().maxRSS / 1024
})
