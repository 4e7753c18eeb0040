/**
 * `signpost render`: one document, exactly as it is served.
 */
import type { Question } from '../dialects/dialect.ts'
import { dialects } from '../dialects/index.ts'
import { writerOf } from '../dialects/writer-of.ts'
import { errors } from '../errors.ts'
import { resolve } from '../settings/account.ts'
import { toAddress } from '../settings/address.ts'
import { toDomain } from '../settings/domain.ts'
import { openFile } from '../sources/file.ts'
import { type Command, configFile, configOption } from './command.ts'

export const render: Command = {
  name: 'render',
  parameters: ['<dialect>', '<address>'],
  summary: 'Print the document that a mail program gets.',
  details: `Dialects: ${dialects.map(({ name }) => name).join(', ')}.
The address may be a bare domain where the dialect answers without an address.
Exit code: 0 printed, 1 the domain is not served in this dialect, 2 the call or the settings are wrong.`,
  options: { config: configOption, name: { type: 'string', value: 'NAME', summary: "the person's name, for apple" } },
  run(call) {
    const [name = '', subject = ''] = call.args
    const dialect = dialects.find(known => known.name === name)
    const known = dialects.map(each => each.name).join(', ')
    if (dialect === undefined) throw errors.usage({ problem: `unknown dialect "${name}", expected one of ${known}` })
    const question = toQuestion(subject)
    const { table } = openFile(configFile(call))
    const found = resolve(table, { domain: question.domain, host: undefined })
    const writer = found && writerOf(dialect, found.provider)
    if (found === undefined || writer === undefined) {
      call.terminal.err(`signpost: ${dialect.title} is not served for ${question.domain}\n`)
      return 1
    }
    const personName = typeof call.options.name === 'string' ? call.options.name : undefined
    const { status, body } = writer({ ...found, address: question.address, personName })
    if (status !== 200) throw errors.usage({ problem: `${dialect.name} needs a mail address, found "${subject}"` })
    call.terminal.out(body)
    return 0
  }
}

function toQuestion(subject: string): Question {
  const address = toAddress(subject)
  if (address !== undefined) return { domain: address.domain, address }
  const domain = toDomain(subject)
  if (domain !== undefined) return { domain }
  throw errors.usage({ problem: `found "${subject}", expected a mail address or a domain` })
}
