/**
 * Messages of a DNS server: damaged valid ones, and random bytes.
 */
import { decodeResponse, encodeQuestion } from '../../../src/network/dns-message.ts'
import { mailExchangers } from '../../../src/network/mail-exchangers.ts'
import type { FuzzCase } from '../fuzz-case.ts'
import type { Random } from '../random.ts'
import { inTime } from './in-time.ts'

const question = { id: 0x1234, name: 'example.com', type: 'MX' } as const

export const dnsAnswerCase: FuzzCase = {
  name: 'dns',
  title: 'answers of DNS servers',
  make: random => ({ message: anyMessage(random) }),
  judge: ({ message = '' }) =>
    inTime(500, async () => {
      const response = decodeResponse(Buffer.from(message, 'latin1'))
      if (response === undefined) return undefined
      const { hosts, seconds } = await mailExchangers('example.com', async () => response)
      if (!hosts.every(host => typeof host === 'string')) return 'a host that is no text'
      return seconds >= 0 ? undefined : `${seconds} seconds`
    })
}

const pointer = '\u00c0\u000c'

function anyMessage(random: Random): string {
  const records = Array.from({ length: random.chance(3) ? 3000 : random.below(5) }, () => anyRecord(random))
  const count = random.chance(90) ? records.length : random.below(0x10000)
  const header = Buffer.from(encodeQuestion(question))
  header.writeUInt16BE(random.chance(90) ? 0x8180 : random.below(0x10000), 2)
  header.writeUInt16BE(count, 6)
  if (random.chance(10)) header.writeUInt16BE(random.below(0x10000), 8)
  let message = header.toString('latin1') + records.join('')
  for (let changes = random.below(4); changes > 0; changes--) {
    const at = random.below(message.length)
    const bytes = random.chance(50)
      ? String.fromCharCode(random.below(256))
      : random.pick([pointer, '\u00c0\0', '\u003f'])
    message = message.slice(0, at) + bytes + message.slice(at + random.below(3))
  }
  return message.slice(0, 0xffff)
}

function anyRecord(random: Random): string {
  const name = random.chance(80) ? pointer : anyName(random)
  const type = random.pick([15, 5, 6, 1, 16, 41])
  const target = anyName(random)
  const data = type === 15 ? `\0${String.fromCharCode(random.below(3))}${target}` : target
  const length = random.chance(95) ? data.length : random.below(0x10000)
  const head = Buffer.alloc(10)
  head.writeUInt16BE(type)
  head.writeUInt16BE(1, 2)
  head.writeUInt32BE(random.chance(50) ? 300 : random.below(0xffffffff), 4)
  head.writeUInt16BE(length, 8)
  return name + head.toString('latin1') + data
}

function anyName(random: Random): string {
  const labels = Array.from({ length: random.below(4) }, () => {
    const label = random.pick(['mx', 'example', 'a.b', '\u00ff', '\0', 'x'.repeat(63)])
    return String.fromCharCode(label.length) + label
  })
  return labels.join('') + random.pick(['\0', pointer, `\u00c0${String.fromCharCode(random.below(64))}`, '\u00ff'])
}
