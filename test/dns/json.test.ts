import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import t from 'tap'
import { writeDnsJson } from '../../src/dns/json.ts'
import { anyRecords } from '../support/dns/any-records.ts'

t.test('every record of any table reads back', async t => {
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(anyRecords, ({ records, domain }) => {
        const read: Record<string, unknown>[] = JSON.parse(writeDnsJson(records, { domain, ttl: 60 }))
        return isDeepStrictEqual(
          read.map(({ strings, ...rest }) => (Array.isArray(strings) ? { ...rest, text: strings.join('') } : rest)),
          records.map(({ name, ...rest }) => ({
            ...rest,
            name: `${name}.`,
            ttl: 60,
            ...('target' in rest && { target: `${rest.target}.` })
          }))
        )
      })
    )
  )
})

t.test('splits long texts', async t => {
  const records = [{ name: 'x.example', type: 'TXT', text: 'x'.repeat(300) }] as const
  const [read] = JSON.parse(writeDnsJson(records, { domain: 'example', ttl: 60 }))
  t.same(read.strings, ['x'.repeat(255), 'x'.repeat(45)])
})
