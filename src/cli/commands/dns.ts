/**
 * `signpost dns`: the DNS records of a served domain.
 */

import { writeCloudflareTerraform } from '../../dns/cloudflare-terraform.ts'
import { writeDnsJson } from '../../dns/json.ts'
import { writeOctodns } from '../../dns/octodns.ts'
import { recommendedRecords } from '../../dns/recommended-records.ts'
import type { RecordWriter } from '../../dns/record.ts'
import { writeZonefile } from '../../dns/zone-file.ts'
import { errors } from '../../errors.ts'
import { toDomain } from '../../settings/domain.ts'
import { resolve } from '../../settings/resolution-order.ts'
import type { Settings } from '../../settings/schema.ts'
import { openFile } from '../../sources/file.ts'
import { type Call, type Command, configFile, configOption } from '../command.ts'
import { paccDigest } from '../pacc-digest.ts'

const writers: Readonly<Record<string, RecordWriter>> = {
  bind: writeZonefile,
  json: writeDnsJson,
  octodns: writeOctodns,
  'cloudflare-terraform': writeCloudflareTerraform
}

const formats = Object.keys(writers).join(', ')

export const dns: Command = {
  name: 'dns',
  parameters: ['<domain>'],
  summary: 'Print the DNS records that a domain should have.',
  details: `Hosts that mail programs ask, and SRV records of the servers that the documents name; "." says: not offered.
The name that Signpost is reached at is that of http.publicUrl, or --target.
Exit code: 0 printed, 1 the domain is not served, 2 the call or the settings are wrong.`,
  options: {
    config: configOption,
    format: { type: 'string', value: 'FORMAT', summary: `${formats} (default bind)` },
    target: { type: 'string', value: 'HOST', summary: 'name that Signpost is reached at (default: of http.publicUrl)' },
    ttl: { type: 'string', value: 'SECONDS', summary: 'how long others may keep the records (default 3600)' }
  },
  run(call) {
    const [subject = ''] = call.args
    const domain = toDomain(subject)
    if (domain === undefined) throw errors.usage({ problem: `found "${subject}", expected a domain` })
    const write = recordWriter(call)
    const ttl = ttlOf(call)
    const { table } = openFile(configFile(call))
    const target = targetOf(call, table.settings)
    const found = resolve(table, { domain, host: undefined })
    if (found === undefined) {
      call.terminal.err(`signpost: ${domain} is not served\n`)
      return 1
    }
    call.terminal.out(write(recommendedRecords(found, { target, paccDigest: paccDigest(found) }), { domain, ttl }))
    return 0
  }
}

function recordWriter({ options: { format = 'bind' } }: Call): RecordWriter {
  const name = String(format)
  const write = Object.hasOwn(writers, name) ? writers[name] : undefined
  if (write === undefined) throw errors.usage({ problem: `--format: found "${name}", expected one of ${formats}` })
  return write
}

/** Spec: RFC 2181 8: 31 bits. */
function ttlOf({ options: { ttl = '3600' } }: Call): number {
  const seconds = Number(ttl)
  if (!/^\d{1,10}$/.test(String(ttl)) || seconds >= 2 ** 31) {
    throw errors.usage({ problem: `--ttl: found "${ttl}", expected seconds from 0 to 2147483647` })
  }
  return seconds
}

function targetOf(call: Call, { http }: Settings): string {
  const { target } = call.options
  if (target !== undefined) {
    const host = toDomain(String(target))
    if (host === undefined) throw errors.usage({ problem: `--target: found "${target}", expected a host name` })
    return host
  }
  const named = http?.publicUrl && new URL(http.publicUrl).hostname
  // Why: an IP address is no domain, and neither CNAME nor SRV can name one.
  const host = named && toDomain(named)
  if (host === undefined) {
    const what = named === undefined ? 'no http.publicUrl' : `"${named}" in http.publicUrl`
    const problem = `where is Signpost reached? Found ${what} in ${configFile(call)}, expected a host name there or in --target`
    throw errors.usage({ problem })
  }
  return host
}
