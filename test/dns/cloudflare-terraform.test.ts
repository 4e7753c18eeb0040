import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import t from 'tap'
import { writeCloudflareTerraform } from '../../src/dns/cloudflare-terraform.ts'
import type { DnsRecord } from '../../src/dns/record.ts'
import { anyRecords } from '../support/dns/any-records.ts'

const options = { domain: 'example.com', ttl: 60 }
const resource = /^resource "cloudflare_dns_record" "([A-Za-z_][\w-]*)" \{\n((?: {2}.*\n)+)\}\n/gm
const attribute = /^ {2}(\w+) += (.*)$/gm
const member = /(\w+) = ("[^"]*"|\d+)/g

/** @returns the text of a quoted template without expressions */
function withoutQuotes(expression: string): string {
  if (/(?<![$%])[$%]\{/.test(expression.replace(/([$%])\1\{/g, '_'))) throw new Error(`an expression: ${expression}`)
  return JSON.parse(expression).replace(/([$%])\1\{/g, '$1{')
}

/** @returns the text of TXT content, which is in another pair of quotes */
function textOf(content: string): string {
  return [...content.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, text = '']) => text.replace(/\\(.)/g, '$1')).join('')
}

interface Read {
  readonly labels: readonly string[]
  readonly records: readonly DnsRecord[]
}

function readBack(text: string): Read {
  const blocks = [...text.matchAll(resource)]
  const records = blocks.map(([, , body = '']) => {
    const values = new Map([...body.matchAll(attribute)].map(([, name, value = '']) => [name, value] as const))
    const name = withoutQuotes(values.get('name') ?? '')
    const type = withoutQuotes(values.get('type') ?? '')
    const content = values.get('content')
    const data = [...(values.get('data') ?? '').matchAll(member)].map(([, key = '', value = '']) => [
      key,
      JSON.parse(value)
    ])
    if (type === 'SRV') {
      const { target, ...rest } = Object.fromEntries(data)
      return { name, type, ...rest, target: target === '.' ? '' : target }
    }
    const plain = withoutQuotes(content ?? '')
    return type === 'TXT' ? { name, type, text: textOf(plain) } : { name, type, target: plain }
  })
  return { labels: blocks.map(([, label = '']) => label), records }
}

t.test('every record of any table can be read back, and its label is unique', async t => {
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(anyRecords, ({ records, domain }) => {
        const read = readBack(writeCloudflareTerraform(records, { domain, ttl: 60 }))
        return isDeepStrictEqual(read.records, records) && new Set(read.labels).size === records.length
      })
    )
  )
})

t.test('quotes any text, so that no part of it is evaluated as an expression', async t => {
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('"', '\\', '$', '%', '{', '}', 'a', ' '), maxLength: 300 }),
        text => {
          const records = [{ name: 'x.example.com', type: 'TXT', text }] as const
          return isDeepStrictEqual(readBack(writeCloudflareTerraform(records, options)).records, records)
        }
      )
    )
  )
})

t.test('counts records of the same name and type', async t => {
  const record = {
    name: '_imaps._tcp.example.com',
    type: 'SRV',
    priority: 0,
    weight: 1,
    port: 993,
    target: 'a.b'
  } as const
  t.same(readBack(writeCloudflareTerraform([record, { ...record, priority: 1 }], options)).labels, [
    '_imaps__tcp_example_com_srv',
    '_imaps__tcp_example_com_srv_2'
  ])
})
