// HAProxy with the file of config/, in front of a Signpost on this machine.

import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { WORLD_ADDRESS } from './namespace.ts'
import { type RunningProgram, start } from './program.ts'

/** The header with which HAProxy begins connections: version 1, version 2, version 2 with TLVs, or none. */
export type SentHeader = 'send-proxy' | 'send-proxy-v2' | 'send-proxy-v2 proxy-v2-options crc32c,unique-id' | ''

/** @param directory a new folder for the files of HAProxy */
export async function startHaproxy(directory: string, header: SentHeader = 'send-proxy-v2'): Promise<RunningProgram> {
  await mkdir(directory)
  const file = join(directory, 'haproxy.cfg')
  const shipped = await readFile(new URL('../../config/haproxy/haproxy.cfg', import.meta.url), 'utf8')
  const uniqueId = header.includes('unique-id') ? '\n    unique-id-format %{+X}o%ci:%cp_%Ts_%rt' : ''
  const changed = shipped.replaceAll(' send-proxy-v2', ` ${header}`).replaceAll(/v4v6$/gm, `v4v6${uniqueId}`)
  await writeFile(file, changed)
  const ready = [80, 443].map(port => ({ host: WORLD_ADDRESS, port }))
  return start('haproxy', ['-db', '-f', file], { log: join(directory, 'haproxy.log'), ready })
}
