/**
 * `signpost check`: checks a settings table.
 */
import { dirname } from 'node:path'
import { tableMatrix } from '../../conformance/table-matrix.ts'
import { writerOf } from '../../dialects/dialect.ts'
import { dialects } from '../../dialects/index.ts'
import { errors } from '../../errors.ts'
import { openCertificates } from '../../keys/certificates.ts'
import type { KeyPair } from '../../keys/key-pair.ts'
import { openSigning } from '../../keys/signing.ts'
import { describe, type Fault, pathOfText, printable } from '../../settings/load/finding.ts'
import type { ValidProviders } from '../../settings/load/valid-providers.ts'
import { describeDomains, type Provider } from '../../settings/provider.ts'
import type { Table } from '../../settings/table.ts'
import { loadFile } from '../../sources/file.ts'
import { readSettings } from '../../sources/read-file.ts'
import { type Call, type Command, configOption } from '../command.ts'
import { lookUpName } from '../directory-lookup.ts'
import { matrixJson, matrixLines } from '../table/matrix-report.ts'
import { existingConfigFile } from '../table/no-settings.ts'
import {
  incompleteCertificates,
  misledPrograms,
  namesWithoutCertificate,
  unservedDialects,
  unusableFiles
} from '../table/table-findings.ts'
import { calendarsNeedingRecords, domainsWithoutTypingErrors } from '../table/table-notes.ts'
import { unfitDatabases } from '../table/unfit-databases.ts'

export const check: Command = {
  name: 'check',
  parameters: [],
  summary: 'Check the settings table.',
  details: `Prints one finding per line: file:line:column, path in the table, what was found, and what is expected. Models of real
mail programs show which of them would not find the settings of the table. With --matrix, a valid table is not described.
Instead, a matrix shows the servers and the login name that every program would use for an example address of each provider.
SQLite databases are opened read-only and compared with the queries, which do not run. If a database is missing or does not fit,
that is a warning, because the service starts without it.
Exit code: 0 the table can be served (there may be warnings and notes), 1 it cannot be served, 2 it could not be checked.`,
  options: {
    config: configOption,
    lookup: {
      type: 'string',
      value: 'NAME',
      summary: 'also look up a domain in the directory, or an address in the directory of users'
    },
    matrix: { type: 'boolean', summary: 'print the servers and the login name that every mail program ends with' },
    json: { type: 'boolean', summary: 'print the matrix as JSON' }
  },
  async run(call) {
    const { out, env } = call.terminal
    const { lookup, matrix } = call.options
    checkOptions(call)
    const file = existingConfigFile(call)
    const read = readSettings(file)
    if ('reason' in read) throw errors.settingsUnreadable({ file, reason: read.reason })
    const loaded = loadFile(read.text, file)
    const { table, settings, findings, locate, isDoubtful } = loaded
    if (matrix === true && table !== undefined) return await printMatrix(table, call)
    const signing = openSigning(file, () => settings.signing)
    const https = openCertificates(file, () => settings.http?.tls)
    const now = Date.now()
    const certificates = https.certificatesAt(now)
    const context = { folder: dirname(file), env }
    const advice =
      table === undefined
        ? await adviceOnValid(loaded.withoutErrors())
        : [
            ...namesWithoutCertificate(table, certificates),
            ...(await incompleteCertificates(table, file)),
            ...(await adviceOn(table))
          ]
    const ofDatabases = (await unfitDatabases(settings, context)).filter(fault => !isDoubtful(fault)).map(locate)
    const ofKeys = [...signing.findings, ...https.findings]
    const ofFiles = [
      ...unusableFiles(settings, context)
        .filter(fault => !isDoubtful(fault))
        .map(locate),
      ...ofDatabases.filter(({ path }) => !findings.some(each => each.path === path && each.severity === 'error')),
      ...ofKeys.filter(({ path }) => !isDoubtful({ path: pathOfText(path) }))
    ]
    for (const finding of [...findings, ...advice.map(locate), ...ofFiles]) out(`${describe(finding)}\n`)
    if (table === undefined) return 1
    const key = signing.keyAt(now)
    if (key !== undefined) out(`${file}: Apple profiles are signed by ${describeKey(key)}\n`)
    for (const certificate of certificates) out(`${file}: https has the certificate of ${describeKey(certificate)}\n`)
    for (const provider of table.providers) out(`${file}: ${describeProvider(provider)}\n`)
    const report = typeof lookup === 'string' ? await lookUpName(table, { name: lookup, file, env }) : undefined
    if (report !== undefined) out(`${file}: ${printable(report.text)}\n`)
    return report?.isProblem === true || ofFiles.some(({ severity }) => severity === 'error') ? 1 : 0
  }
}

/** @returns what is not wrong, but has an effect on mail programs */
async function adviceOn(table: Table): Promise<Fault[]> {
  return [
    ...unservedDialects(table),
    ...misledPrograms(await tableMatrix(table)),
    ...calendarsNeedingRecords(table),
    ...domainsWithoutTypingErrors(table)
  ]
}

/** @returns the same about the providers without errors, with their paths in the settings */
async function adviceOnValid({ table, indexes }: ValidProviders): Promise<Fault[]> {
  const advice = await adviceOn(table)
  return advice.map(fault => {
    const [block = '', index, ...rest] = fault.path
    return { ...fault, path: [block, Number(indexes[Number(index)]), ...rest] }
  })
}

/** @throws AC_USAGE */
function checkOptions({ options: { matrix, json, lookup } }: Call): void {
  if (json === true && matrix !== true) throw errors.usage({ problem: '--json: found no --matrix, expected both' })
  if (matrix === true && lookup !== undefined) {
    throw errors.usage({ problem: '--matrix: found also --lookup, expected only one of them' })
  }
}

async function printMatrix(table: Table, { terminal, options }: Call): Promise<number> {
  const matrices = await tableMatrix(table)
  if (options.json === true) terminal.out(matrixJson(matrices))
  else for (const line of matrixLines(matrices)) terminal.out(`${printable(line)}\n`)
  return 0
}

function describeKey({ name, notAfter }: KeyPair): string {
  return `${name}, until ${new Date(notAfter).toISOString()}`
}

function describeProvider(provider: Provider): string {
  const served = dialects.filter(dialect => writerOf(dialect, provider) !== undefined).map(({ title }) => title)
  return `provider ${provider.id} (${describeDomains(provider)}): ${served.join(', ') || 'nothing is served'}`
}
