// Marionette client: Mozilla's remote control, JSON messages over TCP as `<length>:[0,id,command,parameters]`.
// @see https://firefox-source-docs.mozilla.org/testing/marionette/Protocol.html

import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

type Reply = [kind: 1, id: number, error: { error: string; message: string } | null, result: unknown]

export interface Marionette {
  /** Runs the body of an asynchronous function with the parameter `args` and the privileges of the program. */
  execute(body: string, args: unknown[]): Promise<unknown>
  close(): void
}

const SCRIPT_TIMEOUT = 60_000

export async function connectMarionette(host: string, port: number): Promise<Marionette> {
  const socket = connect(port, host)
  await once(socket, 'connect')
  const send = exchange(socket)
  await send('WebDriver:NewSession', { capabilities: { alwaysMatch: {} } })
  await send('Marionette:SetContext', { value: 'chrome' })

  return {
    async execute(body, args) {
      const script = `
        const [...args] = arguments
        const done = args.pop();
        (async () => {${body}})().then(value => done({ value }), error => done({ error: String(error) + error?.stack }))`
      const options = { sandbox: 'system', newSandbox: false, scriptTimeout: SCRIPT_TIMEOUT }
      const reply = await send('WebDriver:ExecuteAsyncScript', { script, args, ...options })
      const { value } = reply as { value: { value?: unknown; error?: string } }
      if (value.error !== undefined) throw new Error(value.error)
      return value.value
    },
    close: () => socket.destroy()
  }
}

function exchange(socket: Socket) {
  const waiting = new Map<number, PromiseWithResolvers<unknown>>()
  let received = Buffer.alloc(0)
  let lastId = 0

  socket.on('data', chunk => {
    received = Buffer.concat([received, chunk])
    for (let message = next(); message !== undefined; message = next()) {
      // Why: the first message is the greeting, which is not a response.
      if (!Array.isArray(message)) continue
      const [, id, error, result] = message as Reply
      if (error) waiting.get(id)?.reject(new Error(`${error.error}: ${error.message}`))
      else waiting.get(id)?.resolve(result)
      waiting.delete(id)
    }
  })
  socket.on('close', () => {
    for (const { reject } of waiting.values()) reject(new Error('Marionette has closed the connection'))
  })

  function next(): unknown {
    const colon = received.indexOf(':')
    if (colon < 0) return undefined
    const end = colon + 1 + Number(received.toString('latin1', 0, colon))
    if (received.length < end) return undefined
    const message: unknown = JSON.parse(received.toString('utf8', colon + 1, end))
    received = received.subarray(end)
    return message
  }

  return (command: string, parameters: object): Promise<unknown> => {
    lastId += 1
    const answer = Promise.withResolvers<unknown>()
    waiting.set(lastId, answer)
    const message = JSON.stringify([0, lastId, command, parameters])
    socket.write(`${Buffer.byteLength(message)}:${message}`)
    return answer.promise
  }
}
