/**
 * `signpost dns`: prints the DNS records of a served domain.
 */
import { writeCloudflareTerraform } from '../../dns/cloudflare-terraform.ts'
import { writeDnsJson } from '../../dns/json.ts'
import { writeOctodns } from '../../dns/octodns.ts'
import type { RecordWriter } from '../../dns/record.ts'
import { writeZonefile } from '../../dns/zone-file.ts'
import { errors } from '../../errors.ts'
import { toDomain } from '../../settings/domain.ts'
import { resolve } from '../../settings/resolution-order.ts'
import type { Settings } from '../../settings/schema.ts'
import { openFile } from '../../sources/file.ts'
import { type Call, type Command, configFile, configOption } from '../command.ts'
import { domainRecords } from '../domain-records.ts'

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
  details: `These are the host names that mail programs request, and SRV records of the servers in the documents. A target of "."
means that the service is not offered.
The host name of Signpost is taken from http.publicUrl or --target.
Exit code: 0 printed, 1 the domain is not served, 2 the command line or the settings are invalid.`,
  options: {
    config: configOption,
    format: { type: 'string', value: 'FORMAT', summary: `${formats} (default bind)` },
    target: { type: 'string', value: 'HOST', summary: 'host name of Signpost (default: from http.publicUrl)' },
    ttl: { type: 'string', value: 'SECONDS', summary: 'how long resolvers may cache the records (default 3600)' }
  },
  run(call) {
    const [name = ''] = call.args
    const domain = toDomain(name)
    if (domain === undefined) throw errors.usage({ problem: `found "${name}", expected a domain` })
    const write = recordWriter(call)
    const ttl = ttlOf(call)
    const { table } = openFile(configFile(call))
    const target = targetOf(call, table.settings)
    const found = resolve(table, { domain, host: undefined })
    if (found === undefined) {
      call.terminal.err(`signpost: ${domain} is not served\n`)
      return 1
    }
    call.terminal.out(write(domainRecords(found, target), { domain, ttl }))
    return 0
  }
}

function recordWriter({ options: { format = 'bind' } }: Call): RecordWriter {
  const name = String(format)
  const write = Object.hasOwn(writers, name) ? writers[name] : undefined
  if (write === undefined) throw errors.usage({ problem: `--format: found "${name}", expected one of ${formats}` })
  return write
}

/** Spec: RFC 2181 8 limits a TTL to 31 bits. */
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
  const publicHost = http?.publicUrl && new URL(http.publicUrl).hostname
  // Why: it may be an IP address, which neither CNAME nor SRV records can contain.
  const host = publicHost && toDomain(publicHost)
  if (host === undefined) {
    const what = publicHost === undefined ? 'no http.publicUrl' : `"${publicHost}" in http.publicUrl`
    const problem = `the host name of Signpost is unknown: found ${what} in ${configFile(call)}, expected a host name there or in --target`
    throw errors.usage({ problem })
  }
  return host
}
