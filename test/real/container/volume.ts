// Named volumes and published ports, as Docker makes them.

import { once } from 'node:events'
import { cp } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { type Listener, run } from '../program.ts'
import type { Image } from './image.ts'

/**
 * @param path of a folder in the image
 * @param folder new, for the volume
 * Spec: a new named volume gets the contents, the owner and the mode of the folder in the image.
 * https://docs.docker.com/engine/storage/volumes/#populate-a-volume-using-a-container
 */
export async function createVolume({ root }: Image, path: string, folder: string): Promise<void> {
  const source = join(root, path)
  await cp(source, folder, { recursive: true })
  for (const command of ['chown', 'chmod']) await run(command, [`--reference=${source}`, folder])
}

/** `-p`: passes connections on. @returns a function that ends it */
export async function publishPort(outside: Listener, port: number): Promise<() => void> {
  const server = createServer(client => {
    const inside = connect(port, '127.0.0.1')
    client.pipe(inside).pipe(client)
    client.on('error', () => inside.destroy())
    inside.on('error', () => client.destroy())
  })
  server.listen(outside.port, outside.host)
  await once(server, 'listening')
  return () => server.close()
}
