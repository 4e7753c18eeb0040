/**
 * The inside of a driver's process. It opens the directory and answers questions. It ends at the first unexpected error,
 * because the service starts a new one.
 */
import type { RowSource } from '../read-directory.ts'
import { createBatch } from './batch.ts'
import { type Changes, createChanges } from './changes.ts'
import { memoryLimits } from './memory-limits.ts'
import {
  type Answer,
  type DriverTask,
  type FromDriver,
  type Question,
  type ToDriver,
  tellError,
  tellRows
} from './message.ts'
import { prepareDriver } from './open-driver.ts'

/** The process, as far as it is used. */
export interface Port {
  onMessage(heard: (message: ToDriver) => void): void
  onDisconnect(gone: () => void): void
  onUncaught(thrown: (error: unknown) => void): void
  /** @param sent called when the message has left the process, or cannot */
  send(message: FromDriver, sent?: () => void): void
  exit(): void
  /** @returns the most resident memory so far, in MiB */
  memory(): number
}

export interface ServeOptions {
  /** Between two checks of the memory, in milliseconds. */
  readonly checkMs?: number
}

export function serveDirectory(port: Port, { checkMs = 250 }: ServeOptions = {}): void {
  const answer = createBatch<Answer>(answers => port.send({ type: 'answers', answers }))
  const changes = createChanges(names => port.send({ type: 'changed', names }))
  const opened = Promise.withResolvers<RowSource>()

  function fail(code: string): void {
    port.send({ type: 'failed', code }, port.exit)
  }

  async function open({ settings, columns, folder, env }: DriverTask): Promise<void> {
    const { resident } = memoryLimits(settings)
    setInterval(() => {
      if (port.memory() > resident) fail('memory')
    }, checkMs).unref()
    const directory = await prepareDriver(settings, columns, { folder, env })()
    opened.resolve(directory)
    port.send({ type: 'ready' })
  }

  async function find({ id, name }: Question): Promise<void> {
    try {
      const directory = await opened.promise
      answer({ id, found: tellRows(await directory.find(name)) })
    } catch (error) {
      answer({ id, error: tellError(error) })
    }
  }

  async function watch(): Promise<void> {
    const directory = await opened.promise
    directory.watch?.(changes.tell)
  }

  async function close(): Promise<void> {
    const directory = await opened.promise
    await directory.close().catch(() => undefined)
    port.exit()
  }

  port.onDisconnect(port.exit)
  // Why the code alone: the message may hold bytes of an answer.
  port.onUncaught(error => fail(codeOf(error)))
  port.onMessage(message =>
    hear(message, { open, find, watch, close, seen: changes.seen, pong: () => port.send({ type: 'pong' }) })
  )
}

interface Handlers extends Pick<Changes, 'seen'> {
  open(task: DriverTask): Promise<void>
  find(question: Question): Promise<void>
  watch(): Promise<void>
  close(): Promise<void>
  pong(): void
}

function hear(message: ToDriver, { open, find, watch, close, seen, pong }: Handlers): void {
  if (message.type === 'find') for (const question of message.questions) find(question)
  else if (message.type === 'ping') pong()
  else if (message.type === 'seen') seen()
  else if (message.type === 'open') open(message.task)
  else if (message.type === 'watch') watch()
  else close()
}

function codeOf(error: unknown): string {
  const { code } = tellError(error)
  return code === 'unknown' && error instanceof Error ? error.name : code
}
