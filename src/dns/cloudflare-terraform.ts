/**
 * DNS records as resources for Terraform: cloudflare_dns_record of the Cloudflare provider, version 5.
 */
import { type DnsRecord, type RecordWriter, toStrings } from './record.ts'

export const writeCloudflareTerraform: RecordWriter = (records, { ttl }) => {
  const sameBefore = ({ name, type }: DnsRecord, index: number) =>
    records.slice(0, index).filter(record => record.name === name && record.type === type).length
  const resources = records.map((record, index) => {
    const label = toLabel(record, sameBefore(record, index))
    return block(`resource "cloudflare_dns_record" "${label}"`, [
      ['zone_id', 'var.cloudflare_zone_id'],
      ['name', quote(record.name)],
      ['type', quote(record.type)],
      ['ttl', String(ttl)],
      ...dataOf(record)
    ])
  })
  return [block('variable "cloudflare_zone_id"', [['type', 'string']]), ...resources].join('\n')
}

type Attribute = readonly [name: string, expression: string]

function dataOf(record: DnsRecord): Attribute[] {
  switch (record.type) {
    case 'A':
      return [
        ['content', quote(record.address)],
        ['proxied', 'false']
      ]
    case 'CNAME':
      return [
        ['content', quote(record.target)],
        // Why: mail programs must connect to the server directly.
        ['proxied', 'false']
      ]
    case 'SRV': {
      const { priority, weight, port, target } = record
      // Observed: Cloudflare expects absolute names without the final dot, and the root as ".".
      const host = quote(target === '' ? '.' : target)
      return [
        ['priority', String(priority)],
        ['data', `{ priority = ${priority}, weight = ${weight}, port = ${port}, target = ${host} }`]
      ]
    }
    case 'TXT': {
      // Observed: Cloudflare stores TXT in quotes, and Terraform reports a change each time if the quotes are missing.
      const strings = toStrings(record.text).map(text => `"${text.replace(/["\\]/g, character => `\\${character}`)}"`)
      return [['content', quote(strings.join(' '))]]
    }
  }
}

/** Spec: Terraform, "Identifiers": they consist of letters, digits, underscores and hyphens. */
function toLabel({ name, type }: DnsRecord, before: number): string {
  const suffix = before === 0 ? '' : `_${before + 1}`
  return `${name.replace(/[^\w-]/g, '_')}_${type.toLowerCase()}${suffix}`
}

/** Writes a block like `terraform fmt`. */
function block(head: string, attributes: readonly Attribute[]): string {
  const width = Math.max(...attributes.map(([name]) => name.length))
  const lines = attributes.map(([name, expression]) => `  ${name.padEnd(width)} = ${expression}\n`)
  return `${head} {\n${lines.join('')}}\n`
}

/** Spec: HCL, "Quoted templates": `${` and `%{` begin expressions. */
function quote(text: string): string {
  const escaped = text.replace(/["\\]/g, character => `\\${character}`).replace(/[$%](?=\{)/g, '$&$&')
  return `"${escaped}"`
}
