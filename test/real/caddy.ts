// A real Caddy with its own Caddyfile and certificates for all names.

import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Certificate } from './certificate-authority.ts'
import { WORLD_ADDRESS } from './namespace.ts'
import { type RunningProgram, start } from './program.ts'

/** @param sites Caddyfile; the token of `tls` in it is `CERTIFICATE` */
export async function startCaddy(
  directory: string,
  { certificate, sites }: { certificate: Certificate; sites: string }
): Promise<RunningProgram> {
  await mkdir(directory)
  const file = join(directory, 'Caddyfile')
  const ofHttp = sites.replace('CERTIFICATE', `tls ${certificate.chain} ${certificate.key}`)
  await writeFile(file, `{\n\tadmin off\n}\n${ofHttp}`)
  return await start('caddy', ['run', '--adapter', 'caddyfile', '--config', file], {
    log: join(directory, 'caddy.log'),
    // Why: it stores its data there.
    env: { HOME: directory, XDG_DATA_HOME: directory, XDG_CONFIG_HOME: directory },
    ready: [80, 443].map(port => ({ host: WORLD_ADDRESS, port }))
  })
}
