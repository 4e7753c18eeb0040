/**
 * `signpost render`: prints one document exactly as it is served.
 */
import { answer } from '../../dialects/answer.ts'
import type { Question } from '../../dialects/dialect.ts'
import type { Document } from '../../dialects/document.ts'
import { dialects } from '../../dialects/index.ts'
import { errors } from '../../errors.ts'
import { signedDocument } from '../../http/signer.ts'
import { openSigning } from '../../keys/signing.ts'
import { toAddress } from '../../settings/address.ts'
import { toDomain } from '../../settings/domain.ts'
import { describe } from '../../settings/load/finding.ts'
import type { Table } from '../../settings/table.ts'
import { openFile } from '../../sources/file.ts'
import { type Call, type Command, configFile, configOption } from '../command.ts'

export const render: Command = {
  name: 'render',
  parameters: ['<dialect>', '<address>'],
  summary: 'Print the document that a mail program gets.',
  details: `Dialects: ${dialects.map(({ name }) => name).join(', ')}.
The address may be a domain if the dialect does not need an address. For a redirect, its target is printed.
If the settings contain signing, an Apple profile is signed (DER, not text). Problems are printed on standard error.
Exit code: 0 printed, 1 the domain is not served in this dialect, 2 the command line or the settings are invalid.`,
  options: {
    config: configOption,
    form: {
      type: 'string',
      value: 'FORM',
      summary: 'which document: mobilesync of outlook, autodiscoverv1 of outlook-json, caldav of well-known, …'
    },
    name: { type: 'string', value: 'NAME', summary: "the person's name, for apple" }
  },
  run(call) {
    const [name = '', target = ''] = call.args
    const dialect = dialects.find(known => known.name === name)
    const known = dialects.map(each => each.name).join(', ')
    if (dialect === undefined) throw errors.usage({ problem: `unknown dialect "${name}", expected one of ${known}` })
    const question = toQuestion(target, call)
    const { table } = openFile(configFile(call))
    const { document } = answer(dialect, table, question, undefined)
    if (document === undefined || document.status === 404) {
      call.terminal.err(`signpost: ${dialect.title} is not served for ${question.domain}\n`)
      return 1
    }
    const { status, headers, body } = document
    if (status >= 400 && question.address === undefined) {
      throw errors.usage({ problem: `${dialect.name} needs a mail address, found "${target}"` })
    }
    if (status >= 400) call.terminal.err(`signpost: answered with status ${status}\n`)
    if (dialect.isSigned === true && status === 200) call.terminal.out(sign(document, table, call))
    else call.terminal.out(headers.location === undefined ? body : `${headers.location}\n`)
    return status >= 400 ? 1 : 0
  }
}

/** @throws AC_CANNOT_SIGN */
function sign(document: Document, { settings }: Table, call: Call): string | Buffer {
  const signing = openSigning(configFile(call), () => settings.signing)
  for (const finding of signing.findings) call.terminal.err(`${describe(finding)}\n`)
  const key = signing.keyAt(Date.now())
  if (key !== undefined) return Buffer.from(signedDocument(document, key).body, 'latin1')
  if (settings.signing?.required === true) throw errors.cannotSign()
  return document.body
}

function toQuestion(target: string, { options }: Call): Question {
  const details = {
    ...(typeof options.form === 'string' && { form: options.form.toLowerCase() }),
    ...(typeof options.name === 'string' && { personName: options.name })
  }
  const address = toAddress(target)
  if (address !== undefined) return { ...details, domain: address.domain, address }
  const domain = toDomain(target)
  if (domain !== undefined) return { ...details, domain }
  throw errors.usage({ problem: `found "${target}", expected a mail address or a domain` })
}
