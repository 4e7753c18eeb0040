/**
 * `signpost certificates`: lists the certificates that the service has obtained by ACME.
 */
import { type CertificateReport, readCertificateReports } from '../../certificates/report.ts'
import { openStorageOf } from '../../certificates/storage/acme-folder.ts'
import { errors } from '../../errors.ts'
import { printable } from '../../settings/load/finding.ts'
import { openFile } from '../../sources/file.ts'
import { type Command, configOption } from '../command.ts'
import { existingConfigFile } from '../table/no-settings.ts'

export const certificates: Command = {
  name: 'certificates',
  parameters: [],
  summary: 'List the certificates that the service has obtained.',
  details: `Reads the folder of http.tls.acme.storage and prints one line for each mail domain or host name: the names in the certificate,
its issuer, the days until it expires, the next attempt, and the last problem.
Exit code: 0 all certificates are valid and complete, 1 one of them is not, 2 the settings or the folder cannot be read.`,
  options: {
    config: configOption,
    json: { type: 'boolean', summary: 'print JSON' }
  },
  async run(call) {
    const file = existingConfigFile(call)
    const { table } = openFile(file)
    const acme = table.settings.http?.tls?.acme
    if (acme === undefined) throw errors.settingsInvalid({ findings: `${file}: found no http.tls.acme` })
    const storage = openStorageOf(acme, file)
    const reports = await readCertificateReports(storage, table).catch((cause: Error) => {
      throw errors.certificatesUnreadable({ folder: storage.folder, reason: cause.message, cause })
    })
    const now = Date.now()
    if (call.options.json === true) call.terminal.out(`${JSON.stringify(reports.map(toJson), undefined, 2)}\n`)
    else for (const report of reports) call.terminal.out(`${printable(toLine(report, now))}\n`)
    return reports.every(report => isValid(report, now) && report.problem === undefined) ? 0 : 1
  }
}

function isValid({ expiresAt }: CertificateReport, now: number): boolean {
  return expiresAt !== undefined && now <= expiresAt
}

function toJson({ group, names, issuer, expiresAt, nextAttemptAt, problem }: CertificateReport) {
  const time = (ms: number | undefined) => (ms === undefined ? null : new Date(ms).toISOString())
  return {
    group,
    names,
    issuer: issuer ?? null,
    expires: time(expiresAt),
    nextAttempt: time(nextAttemptAt),
    problem: problem ?? null
  }
}

const dayMs = 24 * 60 * 60 * 1000

function toLine({ group, names, issuer, expiresAt, nextAttemptAt, problem }: CertificateReport, now: number): string {
  const next = nextAttemptAt === undefined ? 'not tried yet' : `next attempt ${new Date(nextAttemptAt).toISOString()}`
  const validity =
    expiresAt === undefined
      ? ['no certificate']
      : [names.join(', '), `issued by ${issuer}`, expiresAt < now ? 'expired' : daysText((expiresAt - now) / dayMs)]
  return `${group}: ${[...validity, next, ...(problem === undefined ? [] : [problem])].join('; ')}`
}

function daysText(days: number): string {
  const whole = Math.floor(days)
  return `${whole} ${whole === 1 ? 'day' : 'days'} left`
}
