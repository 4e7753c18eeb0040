/**
 * The entry point of the process that a driver runs in.
 */
import { serveDirectory } from './serve-directory.ts'

process.title = 'signpost directory'

// Why ignored: terminals and systemd send these signals to every process. The service decides when this one ends.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined)

serveDirectory({
  onMessage: listener => process.on('message', listener),
  onDisconnect: listener => process.on('disconnect', listener),
  onUncaught: listener => process.on('uncaughtException', listener),
  // Why always a callback: without one, a message to a service that has ended would emit an error.
  send: (message, onSent = () => undefined) => void process.send?.(message, onSent),
  exit: () => process.exit(),
  memory: () => process.resourceUsage().maxRSS / 1024
})
