// A real Unbound, which answers from its own zone and queries no other server.

import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type RunningProgram, start } from './program.ts'

export const UNBOUND_ADDRESS = '127.0.0.54'

/** @param records one per line, as in a zone file: `a.test. 300 IN MX 10 mx.test.` */
export async function startUnbound(
  directory: string,
  zone: string,
  records: readonly string[]
): Promise<RunningProgram> {
  await mkdir(directory)
  const file = join(directory, 'unbound.conf')
  await writeFile(file, configure(directory, zone, records))
  return start('unbound', ['-d', '-p', '-c', file], {
    log: join(directory, 'unbound.log'),
    ready: [{ host: UNBOUND_ADDRESS, port: 53 }]
  })
}

function configure(directory: string, zone: string, records: readonly string[]): string {
  return `
server:
  interface: ${UNBOUND_ADDRESS}
  directory: ${directory}
  chroot: ""
  username: ""
  use-syslog: no
  module-config: "iterator"
  local-zone: ${zone} static
${records.map(record => `  local-data: "${record}"`).join('\n')}
remote-control:
  control-enable: no
`
}
