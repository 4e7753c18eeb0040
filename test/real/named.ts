// A real BIND with one zone, which answers the queries of the private network.

import { Resolver } from 'node:dns/promises'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { DNS_ADDRESS } from './namespace.ts'
import { type RunningProgram, start } from './program.ts'

const LOAD_ATTEMPTS = 100
const LOAD_INTERVAL = 100

/** @param records a zone file with absolute names, without the SOA and NS records of the zone */
export async function startNamed(directory: string, zone: string, records: string): Promise<RunningProgram> {
  await mkdir(directory)
  const [zoneFile, configuration] = [join(directory, 'zone'), join(directory, 'named.conf')]
  await writeFile(
    zoneFile,
    `$TTL 60
${zone}. IN SOA ns.${zone}. hostmaster.${zone}. 1 3600 900 1209600 60
${zone}. IN NS ns.${zone}.
ns.${zone}. IN A ${DNS_ADDRESS}
${records}`
  )
  await writeFile(
    configuration,
    `options { directory "${directory}"; listen-on { ${DNS_ADDRESS}; }; listen-on-v6 { none; }; recursion no; pid-file none; session-keyfile none; };
controls { };
zone "${zone}" { type primary; file "${zoneFile}"; };
`
  )
  const program = await start('/usr/sbin/named', ['-g', '-c', configuration], {
    log: join(directory, 'named.log'),
    ready: [{ host: DNS_ADDRESS, port: 53 }]
  })
  if (await hasLoaded(zone)) return program
  await program.stop()
  throw new Error(`named does not load the zone ${zone}`)
}

/** Why: named listens before it has loaded the zone. */
async function hasLoaded(zone: string): Promise<boolean> {
  const resolver = new Resolver()
  resolver.setServers([DNS_ADDRESS])
  for (let attempt = 1; attempt <= LOAD_ATTEMPTS; attempt += 1) {
    const soa = await resolver.resolveSoa(zone).catch(() => undefined)
    if (soa !== undefined) return true
    await sleep(LOAD_INTERVAL)
  }
  return false
}
