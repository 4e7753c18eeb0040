/**
 * `signpost dns`: prints the DNS records of served domains.
 */
import { writeCloudflareTerraform } from '../../dns/cloudflare-terraform.ts'
import { writeDnsJson } from '../../dns/json.ts'
import { writeNsupdate } from '../../dns/nsupdate.ts'
import { writeOctodns } from '../../dns/octodns.ts'
import type { DnsRecord, RecordWriter } from '../../dns/record.ts'
import { writeZonefile } from '../../dns/zone-file.ts'
import { errors } from '../../errors.ts'
import type { NetworkOptions } from '../../network/network-access.ts'
import { createResolver, type Resolver } from '../../network/resolver.ts'
import { type ComparedRecords, compareRecords } from '../../records/compare-records.ts'
import { domainRecords } from '../../records/domain-records.ts'
import { signpostHost } from '../../records/signpost-host.ts'
import { printable } from '../../settings/load/finding.ts'
import type { Account } from '../../settings/question/account.ts'
import { toDomain } from '../../settings/question/domain.ts'
import type { Settings } from '../../settings/schema.ts'
import { openFile } from '../../sources/file.ts'
import { type Call, type Command, configOption } from '../command.ts'
import { networkOptionDefinitions, networkOptions } from '../options/network-options.ts'
import { oldDigests } from '../records/digest-roll-over.ts'
import { type ServedDomains, withServedDomains } from '../records/served-domains.ts'
import { existingConfigFile } from '../table/no-settings.ts'

interface Format {
  readonly write: RecordWriter
  /** What begins a comment; undefined if the format has no comments. */
  readonly comment?: string
  /** Whether the records of several domains can be in one output. */
  readonly isForMany: boolean
}

const formats: Readonly<Record<string, Format>> = {
  bind: { write: writeZonefile, comment: '; ', isForMany: true },
  nsupdate: { write: writeNsupdate, comment: '; ', isForMany: true },
  json: { write: writeDnsJson, isForMany: true },
  octodns: { write: writeOctodns, comment: '# ', isForMany: false },
  'cloudflare-terraform': { write: writeCloudflareTerraform, comment: '# ', isForMany: false }
}

export const dns: Command = {
  name: 'dns',
  parameters: ['[domain]'],
  summary: 'Print the DNS records that domains should have.',
  details: `These are the host names that mail programs request, and SRV records of the servers in the documents. A target of "."
means that the service is not offered.
The host name of Signpost is taken from --target or http.publicUrl. Otherwise it is signpost.<domain>, whose addresses must
be filled in.
--format nsupdate prints input for BIND's nsupdate, which can be applied any number of times:
signpost dns example.com --format nsupdate | nsupdate -k key.conf
--check compares these records with those in the DNS, one line each.
--roll-over keeps the digest of the old PACC document until every address of ua-auto-config.<domain> serves the new one.
Exit code: 0 printed, or all records are in the DNS; 1 records differ, a domain is not served, or no domain is listed; 2 the command
line or the settings are invalid.`,
  options: {
    config: configOption,
    all: { type: 'boolean', summary: 'every domain that the table and the directory list' },
    format: { type: 'string', value: 'FORMAT', summary: `${Object.keys(formats).join(', ')} (default bind)` },
    target: {
      type: 'string',
      value: 'HOST',
      summary: 'host name of Signpost (default: from http.publicUrl, or signpost.<domain>)'
    },
    ttl: { type: 'string', value: 'SECONDS', summary: 'how long resolvers may cache the records (default 3600)' },
    check: { type: 'boolean', summary: 'compare the records with those in the DNS instead of printing them' },
    json: { type: 'boolean', summary: 'print the result of --check as JSON' },
    'roll-over': { type: 'boolean', summary: 'keep the old PACC digest until the new document is live everywhere' },
    ...networkOptionDefinitions
  },
  async run(call) {
    const domain = domainOf(call)
    const format = formatOf(call)
    const ttl = ttlOf(call)
    const network = networkOptions(call)
    if (call.options.json === true && call.options.check !== true) {
      throw errors.usage({ problem: 'found --json without --check, expected --format json to print records' })
    }
    const file = existingConfigFile(call)
    const source = openFile(file)
    return await withServedDomains(source, { file, env: call.terminal.env }, async served => {
      const wanted: WantedRecords[] = []
      const asked = await domainsToPrint(domain, served, call)
      for (const each of asked) {
        const found = await served.find(each)
        if (found === undefined) call.terminal.err(`signpost: ${each} is not served\n`)
        else wanted.push(await wantedRecords(found, { call, settings: source.table.settings, ttl, network }))
      }
      const isComplete = wanted.length > 0 && wanted.length === asked.length
      if (call.options.check === true) return (await check(wanted, call, network)) && isComplete ? 0 : 1
      print(wanted, { call, format, ttl })
      return isComplete ? 0 : 1
    })
  }
}

/** @returns undefined for all domains. @throws AC_USAGE */
function domainOf({ args: [name], options: { all } }: Call): string | undefined {
  if (all === true && name === undefined) return undefined
  if (all === true) throw errors.usage({ problem: `found "${name}" and --all, expected one of them` })
  if (name === undefined) throw errors.usage({ problem: 'dns: found nothing, expected a domain or --all' })
  const domain = toDomain(name)
  if (domain === undefined) throw errors.usage({ problem: `found "${name}", expected a domain` })
  return domain
}

async function domainsToPrint(
  domain: string | undefined,
  served: ServedDomains,
  { terminal }: Call
): Promise<readonly string[]> {
  if (domain !== undefined) return [domain]
  const { domains, omissions } = await served.list()
  for (const line of omissions) terminal.err(`signpost: ${line}\n`)
  if (domains.length === 0) terminal.err('signpost: there are no domains to print\n')
  return domains
}

interface WantedRecords {
  readonly domain: string
  readonly records: readonly DnsRecord[]
  /** Lines for a comment. */
  readonly notes: readonly string[]
}

interface WantedOptions {
  readonly call: Call
  readonly settings: Settings
  readonly ttl: number
  readonly network: NetworkOptions
}

async function wantedRecords(found: Account, options: WantedOptions): Promise<WantedRecords> {
  const { call, settings, ttl, network } = options
  const { domain } = found
  const target = call.options.target === undefined ? undefined : String(call.options.target)
  const host = signpostHost(settings, { target, domain, ttl })
  const records = [...domainRecords(found, host.name), ...host.records]
  if (call.options['roll-over'] !== true) return { domain, records, notes: host.notes }
  const old = await oldDigests(records, { domain, network, resolver: resolverOf(network) })
  const notes = old.map(
    () => 'The old PACC digest stays until the new document is live everywhere. Then run this again.'
  )
  return { domain, records: [...records, ...old], notes: [...host.notes, ...notes.slice(0, 1)] }
}

function resolverOf({ resolver, timeoutMs }: NetworkOptions): Resolver {
  return createResolver({ timeoutMs, ...(resolver !== undefined && { servers: [resolver] }) })
}

/** Prints the comparison. @returns whether the DNS has exactly the wanted records */
async function check(wanted: readonly WantedRecords[], { terminal, options }: Call, network: NetworkOptions) {
  const { look } = resolverOf(network)
  const compared = await Promise.all(
    wanted.map(async ({ domain, records }) => {
      const results = await compareRecords(records, look)
      return { domain, isWell: results.every(({ status }) => status === 'ok'), records: results }
    })
  )
  if (options.json === true) {
    terminal.out(`${JSON.stringify(options.all === true ? compared : compared[0], undefined, 2)}\n`)
  } else for (const result of compared.flatMap(({ records }) => records)) terminal.out(comparedLine(result))
  return compared.every(({ isWell }) => isWell)
}

function comparedLine({ name, type, status, wanted, found, fault }: ComparedRecords): string {
  const details = {
    ok: wanted.join(', '),
    missing: wanted.join(', '),
    differs: `found ${found.join(', ')}, expected ${wanted.join(', ')}`,
    failed: fault
  }
  return `${printable(`${status.padEnd(8)} ${name}. ${type} ${details[status]}`)}\n`
}

interface PrintOptions {
  readonly call: Call
  readonly format: Format
  readonly ttl: number
}

function print(wanted: readonly WantedRecords[], { call: { terminal }, format, ttl }: PrintOptions): void {
  const { write, comment } = format
  if (comment === undefined) {
    for (const note of wanted.flatMap(({ notes }) => notes)) terminal.err(`signpost: ${note}\n`)
    const all = wanted.flatMap(({ records }) => records)
    for (const { domain } of wanted.slice(0, 1)) terminal.out(write(all, { domain, ttl }))
  } else {
    const parts = wanted.map(({ domain, records, notes }) =>
      [...notes.map(note => `${comment}${note}\n`), write(records, { domain, ttl })].join('')
    )
    terminal.out(parts.join('\n'))
  }
}

/** @throws AC_USAGE */
function formatOf({ options: { format: name = 'bind', all } }: Call): Format {
  const names = Object.keys(formats)
  const format = Object.hasOwn(formats, String(name)) ? formats[String(name)] : undefined
  if (format === undefined) {
    throw errors.usage({ problem: `--format: found "${name}", expected one of ${names.join(', ')}` })
  }
  if (all === true && !format.isForMany) {
    const fitting = names.filter(each => formats[each]?.isForMany).join(', ')
    throw errors.usage({
      problem: `--all: found --format ${name}, which has one file for each domain, expected one of ${fitting}`
    })
  }
  return format
}

/** Spec: RFC 2181 8 limits a TTL to 31 bits. */
function ttlOf({ options: { ttl = '3600' } }: Call): number {
  const seconds = Number(ttl)
  if (!/^\d{1,10}$/.test(String(ttl)) || seconds >= 2 ** 31) {
    throw errors.usage({ problem: `--ttl: found "${ttl}", expected seconds from 0 to 2147483647` })
  }
  return seconds
}
