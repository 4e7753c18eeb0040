/**
 * `signpost render`: prints one document exactly as it is served.
 */
import { write } from '../../dialects/answer.ts'
import type { Dialect, Question } from '../../dialects/dialect.ts'
import type { Document } from '../../dialects/document.ts'
import { dialects } from '../../dialects/index.ts'
import { errors } from '../../errors.ts'
import { signedDocument } from '../../http/signer.ts'
import { openSigning } from '../../keys/signing.ts'
import { describe } from '../../settings/load/finding.ts'
import { toAddress } from '../../settings/question/address.ts'
import { toDomain } from '../../settings/question/domain.ts'
import type { Table } from '../../settings/table.ts'
import { openFile } from '../../sources/file.ts'
import { type Call, type Command, configFile, configOption } from '../command.ts'
import { type AskedAccount, servedAccount } from '../served-account.ts'
import { existingConfigFile } from '../table/no-settings.ts'

const pageName = 'web'

type DomainQuestion = Question & AskedAccount

const formsOfAll = dialects
  .flatMap(({ name, forms }) => (forms === undefined ? [] : [`${forms.join(', ')} of ${name}`]))
  .join('; ')

export const render: Command = {
  name: 'render',
  parameters: ['<dialect>', '<address>'],
  summary: 'Print the document that a mail program gets.',
  details: `Dialects: ${[...dialects.map(({ name }) => name), pageName].join(', ')}; ${pageName} is the setup page.
Forms: ${formsOfAll}.
The address may be a domain if the dialect does not need an address. For a redirect, its target is printed.
Directories and MX records are asked as by the server. For a mailbox that is not in users, the document has the made-up login name
that the server would send, and a message says so.
If the settings contain signing, an Apple profile is signed (DER, not text). Problems are printed on standard error.
Exit code: 0 printed, 1 the domain is not served in this dialect or the document is an error, 2 the command line or the settings are invalid,
or a directory does not answer.`,
  options: {
    config: configOption,
    form: {
      type: 'string',
      value: 'FORM',
      summary: 'which of several documents; required for outlook-json and well-known'
    },
    name: { type: 'string', value: 'NAME', summary: "the person's name, for apple" }
  },
  async run(call) {
    const [name = '', target = ''] = call.args
    if (name === pageName) return await renderPage(target, call)
    const dialect = dialects.find(known => known.name === name)
    const known = [...dialects.map(each => each.name), pageName].join(', ')
    if (dialect === undefined) throw errors.usage({ problem: `unknown dialect "${name}", expected one of ${known}` })
    const question = toQuestion(target, call)
    checkForm(question, dialect)
    const { account, table } = await findAccount(question, call)
    const document = account && write(dialect, account, { question, table, host: undefined })
    if (document === undefined || document.status === 404) {
      call.terminal.err(`signpost: ${dialect.title} is not served for ${question.domain}\n`)
      return 1
    }
    const { status, headers, body } = document
    if (status >= 400 && question.address === undefined) {
      throw errors.usage({ problem: `${dialect.name} needs a mail address, found "${target}"` })
    }
    const isError = status >= 400 || dialect.isError?.(document) === true
    if (isError) call.terminal.err(`signpost: the document is an error with status ${status}\n`)
    if (dialect.isSigned === true && status === 200) call.terminal.out(sign(document, table, call))
    else call.terminal.out(headers.location === undefined ? body : `${headers.location}\n`)
    return isError ? 1 : 0
  }
}

/** @throws AC_USAGE */
function checkForm({ form }: Question, { name, forms = [], needsForm = false }: Dialect): void {
  const expected = forms.length === 0 ? 'none' : `one of ${forms.join(', ')}`
  if (form === undefined && needsForm) throw errors.usage({ problem: `${name} needs --form, ${expected}` })
  if (form !== undefined && !forms.includes(form)) {
    throw errors.usage({ problem: `found --form "${form}" of ${name}, expected ${expected}` })
  }
}

/** Prints the page in English: of an address, or of a provider for everyone. */
async function renderPage(target: string, call: Call): Promise<number> {
  const question = toQuestion(target, call)
  const { domain, address, form, personName } = question
  if ((form ?? personName) !== undefined) throw errors.usage({ problem: `${pageName} has no --form and no --name` })
  const { account, table } = await findAccount(question, call)
  if (account?.provider.dialects.web !== true) {
    call.terminal.err(`signpost: the setup page is not served for ${domain}\n`)
    return 1
  }
  const { pages } = await import('../../web/pages/pages.ts')
  const language = pages.chooseLanguage(undefined, undefined)
  const device = pages.chooseDevice(undefined, { platform: undefined, userAgent: undefined })
  const origin = table.settings.http?.publicUrl
  const { body } =
    address === undefined
      ? pages.providerPage(account.provider, { language, device })
      : pages.personPage({ ...account, address, messages: language.messages, device, origin, signature: 0 })
  call.terminal.out(typeof body === 'string' ? Buffer.from(body, 'latin1') : body)
  return 0
}

/** @throws AC_SETTINGS_INVALID, AC_UNAVAILABLE */
async function findAccount({ domain, address }: DomainQuestion, call: Call) {
  const file = existingConfigFile(call)
  const source = openFile(file)
  const account = await servedAccount(source, { domain, address }, { file, terminal: call.terminal })
  return { account, table: source.table }
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

function toQuestion(target: string, { options }: Call): DomainQuestion {
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
