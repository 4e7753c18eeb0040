/**
 * Everything that runs in the process of a driver. It opens the directory and answers questions. It ends at the first
 * unexpected error, because the service starts a new process.
 */
import { createBatch } from '../../batch.ts'
import type { OnChange } from '../directory.ts'
import { prepareDriver } from '../open-directory.ts'
import type { RowDirectory } from '../row-reader.ts'
import {
  type Answer,
  type DriverTask,
  type FromDriver,
  memoryLimits,
  type Question,
  type ToDriver,
  toSentError,
  toTextRows
} from './messages.ts'

/** The functions of the process that are used. */
export interface ProcessPort {
  onMessage(listener: (message: ToDriver) => void): void
  onDisconnect(listener: () => void): void
  onUncaught(listener: (error: unknown) => void): void
  /** @param onSent called when the message has left the process, or cannot be sent */
  send(message: FromDriver, onSent?: () => void): void
  exit(): void
  /** @returns the maximum of resident memory so far, in MiB */
  memory(): number
}

export interface ServeOptions {
  /** Between two checks of the memory. */
  readonly checkMs?: number
}

export function serveDirectory(port: ProcessPort, { checkMs = 250 }: ServeOptions = {}): void {
  const answer = createBatch<Answer>(answers => port.send({ type: 'answers', answers }))
  const changes = createChangeQueue(names => port.send({ type: 'changed', names }))
  const opened = Promise.withResolvers<RowDirectory>()

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
      answer({ id, found: toTextRows(await directory.find(name)) })
    } catch (error) {
      answer({ id, error: toSentError(error) })
    }
  }

  async function watch(): Promise<void> {
    const directory = await opened.promise
    directory.watch?.(changes.add)
  }

  async function close(): Promise<void> {
    const directory = await opened.promise
    await directory.close().catch(() => undefined)
    port.exit()
  }

  function receive(message: ToDriver): void {
    if (message.type === 'find') for (const question of message.questions) find(question)
    else if (message.type === 'ping') port.send({ type: 'pong' })
    else if (message.type === 'received') changes.confirm()
    else if (message.type === 'open') open(message.task)
    else if (message.type === 'watch') watch()
    else close()
  }

  port.onDisconnect(port.exit)
  // Why only the code: the text may contain bytes of an answer.
  port.onUncaught(error => fail(codeOf(error)))
  port.onMessage(receive)
}

function codeOf(error: unknown): string {
  const { code } = toSentError(error)
  return code === 'unknown' && error instanceof Error ? error.name : code
}

export interface ChangeQueue {
  readonly add: OnChange
  /** The last message has arrived. */
  confirm(): void
}

/** If more names than this are waiting, any name counts as changed. */
const maxNames = 1000

/**
 * Sends changes one message at a time: a database may announce them faster than the service can process them.
 *
 * @param send gets the names that have changed; null: any name may have changed
 */
export function createChangeQueue(send: (names: readonly string[] | null) => void): ChangeQueue {
  let names = new Set<string>()
  let isAny = false
  let isSending = false

  function sendAll(): void {
    if (isSending || (!isAny && names.size === 0)) return
    isSending = true
    send(isAny ? null : [...names])
    names = new Set()
    isAny = false
  }

  return {
    add(name) {
      if (name === undefined || names.size >= maxNames) isAny = true
      else names.add(name)
      sendAll()
    },
    confirm() {
      isSending = false
      sendAll()
    }
  }
}
