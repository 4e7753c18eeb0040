/**
 * `signpost check`: what is wrong with a settings table.
 */
import { dirname } from 'node:path'
import { writerOf } from '../../dialects/dialect.ts'
import { dialects } from '../../dialects/index.ts'
import { errors } from '../../errors.ts'
import { openCertificates } from '../../keys/certificates.ts'
import type { KeyPair } from '../../keys/key-pair.ts'
import { openSigning } from '../../keys/signing.ts'
import { describe, printable } from '../../settings/load/finding.ts'
import type { Table } from '../../settings/table.ts'
import { loadFile } from '../../sources/file.ts'
import { readSettings } from '../../sources/read-file.ts'
import type { DirectoryAnswer } from '../ask-directory.ts'
import { clientFindings } from '../client-findings.ts'
import { type Call, type Command, configFile, configOption } from '../command.ts'
import { directoryAnswer } from '../directory-answer.ts'
import { secretFaults } from '../secret-faults.ts'
import { uncovered } from '../uncovered-names.ts'
import { userAnswer } from '../user-answer.ts'
import { obstacles } from '../why-not-served.ts'

export const check: Command = {
  name: 'check',
  parameters: [],
  summary: 'Check the settings table.',
  details: `Prints one line a finding: file:line:column, where in the table, what was found, what is allowed; and which mail
programs would not find what the table says, by models of their own code.
Exit code: 0 the table can be served (there may be warnings), 1 it cannot, 2 it could not be checked.`,
  options: {
    config: configOption,
    lookup: {
      type: 'string',
      value: 'NAME',
      summary: 'ask the directory of the table for a domain too, or that of its users for an address'
    }
  },
  async run(call) {
    const file = configFile(call)
    const read = readSettings(file)
    if ('reason' in read) throw errors.settingsUnreadable({ file, reason: read.reason })
    const { table, findings, locate } = loadFile(read.text, file)
    const signing = openSigning(file, () => table?.settings.signing)
    const certificates = openCertificates(file, () => table?.settings.http?.tls)
    const now = Date.now()
    const held = certificates.certificatesAt(now)
    const unserved = table === undefined ? [] : [...obstacles(table), ...uncovered(table, held)]
    const hurt = table === undefined ? [] : await clientFindings(table)
    const surroundings = { folder: dirname(file), env: call.terminal.env }
    const ofSecret = table === undefined ? [] : secretFaults(table, surroundings)
    const ofKeys = [...ofSecret.map(locate), ...signing.findings, ...certificates.findings]
    for (const finding of [...findings, ...[...unserved, ...hurt].map(locate), ...ofKeys]) {
      call.terminal.out(`${describe(finding)}\n`)
    }
    if (table === undefined) return 1
    const tell = (what: string, { name, notAfter }: KeyPair) =>
      call.terminal.out(`${file}: ${what} ${name}, until ${new Date(notAfter).toISOString()}\n`)
    const key = signing.keyAt(now)
    if (key !== undefined) tell('Apple profiles are signed by', key)
    for (const certificate of held) tell('https has the certificate of', certificate)
    for (const provider of table.providers) {
      const spoken = dialects.filter(dialect => writerOf(dialect, provider) !== undefined).map(({ title }) => title)
      const heading = `${file}: provider ${provider.id} (${provider.domains.join(', ')})`
      call.terminal.out(`${heading}: ${spoken.join(', ') || 'nothing is served'}\n`)
    }
    const answer = await lookUp(table, call)
    if (answer !== undefined) call.terminal.out(`${file}: ${printable(answer.told)}\n`)
    return answer?.isWrong === true || ofKeys.some(({ severity }) => severity === 'error') ? 1 : 0
  }
}

async function lookUp(table: Table, call: Call): Promise<DirectoryAnswer | undefined> {
  const { lookup: name } = call.options
  if (typeof name !== 'string') return undefined
  const ask = name.includes('@') ? userAnswer : directoryAnswer
  return await ask(table, { name, file: configFile(call), env: call.terminal.env })
}
