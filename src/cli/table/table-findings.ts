/**
 * Findings of `signpost check` about a table that is valid: dialects that are not served, host names without a certificate,
 * mail programs that would not find the settings, and unreadable secrets.
 */
import { resolve as resolvePath } from 'node:path'
import type { Client } from '../../clients/model/client.ts'
import type { NativeScript } from '../../clients/model/native-script.ts'
import type { ProviderMatrix } from '../../conformance/table-matrix.ts'
import { leastLength, readConsolePassword } from '../../console/access/password-file.ts'
import { writerOf } from '../../dialects/dialect.ts'
import { dialects } from '../../dialects/index.ts'
import type { SettingsContext } from '../../directories/database-server.ts'
import { createServerNames } from '../../http/connections/server-names.ts'
import type { Certificate } from '../../keys/certificates.ts'
import { readUsersSecret } from '../../lookups/unknown-login.ts'
import { basedOn, error, type Fault, warning } from '../../settings/load/finding.ts'
import type { Provider } from '../../settings/provider.ts'
import type { Settings } from '../../settings/schema.ts'
import type { Table } from '../../settings/table.ts'
import { whyUnreadable } from '../../sources/read-file.ts'
import { readRedisPassword } from '../../sources/redis-password.ts'

/** @returns one warning for each dialect that is switched on for a provider, but that cannot express its settings */
export function unservedDialects({ providers }: Table): Fault[] {
  return providers.flatMap((provider, index) =>
    dialects.flatMap(dialect => {
      if (!provider.dialects[dialect.name] || writerOf(dialect, provider) !== undefined) return []
      const reason = dialect.unsupportedReason?.(provider)
      return reason === undefined ? [] : [warning(['providers', index], `${dialect.title} is not served: ${reason}`)]
    })
  )
}

/** The number of host names in one warning. Why limited: some providers have thousands of domains. */
const mostNames = 6

/**
 * Host names that mail programs request over https, and for which the table has no certificate.
 * @returns one warning for each provider with such names, and nothing if https is off
 */
export function namesWithoutCertificate(
  { settings, providers }: Table,
  certificates: readonly Pick<Certificate, 'names'>[]
): Fault[] {
  // Why: names that no file covers get a certificate by ACME.
  if (settings.http?.tls === undefined || settings.http.tls.acme !== undefined) return []
  const find = createServerNames(certificates)
  return providers.flatMap(provider => {
    const missing = discoveryHosts(provider).filter(name => find(name) === undefined)
    if (missing.length === 0) return []
    const more = missing.length > mostNames ? [`${missing.length - mostNames} more`] : []
    const names = [...missing.slice(0, mostNames), ...more].join(', ')
    return [
      warning(
        ['http', 'tls', 'certificates'],
        `found none for ${names}, which mail programs request for ${provider.id}`
      )
    ]
  })
}

/** @returns one warning for each certificate by ACME that is missing or incomplete. @param file the settings file */
export async function incompleteCertificates(table: Table, file: string): Promise<Fault[]> {
  const acme = table.settings.http?.tls?.acme
  if (acme === undefined) return []
  const [{ openStorageOf }, { readCertificateReports }] = await Promise.all([
    import('../../certificates/storage/acme-folder.ts'),
    import('../../certificates/report.ts')
  ])
  const path = ['http', 'tls', 'acme']
  try {
    const reports = await readCertificateReports(openStorageOf(acme, file), table)
    return reports.flatMap(({ group, problem, nextAttemptAt }) => {
      if (problem === undefined) return []
      const next = nextAttemptAt === undefined ? '' : `; next attempt ${new Date(nextAttemptAt).toISOString()}`
      return [warning(path, `the certificate of ${group} is missing or incomplete: ${problem}${next}`)]
    })
  } catch (error) {
    return [warning([...path, 'storage'], (error as Error).message)]
  }
}

function discoveryHosts({ domains, dialects }: Provider): string[] {
  const labels = [...(dialects.thunderbird ? ['autoconfig'] : []), ...(dialects.outlook ? ['autodiscover'] : [])]
  return domains.filter(domain => !domain.startsWith('*')).flatMap(domain => labels.map(label => `${label}.${domain}`))
}

/**
 * @returns one warning for each program that does not find the settings of the table, with what it does instead, and
 * warnings about domains that are typed in their own script
 */
export function misledPrograms(matrices: readonly ProviderMatrix[]): Fault[] {
  return matrices.flatMap(({ index, provider, rows, nativeScript }) => {
    const misled = rows.filter(({ verdict }) => verdict !== 'same')
    const texts = [
      ...misled.map(({ client, detail }) => `${client.title} ${detail}`),
      ...nativeScriptTexts(nativeScript)
    ]
    return texts.map(text => warning(['providers', index], `${provider.id}: ${text}`))
  })
}

function nativeScriptTexts(nativeScript: NativeScript | undefined): string[] {
  if (nativeScript === undefined) return []
  const { ascii, typed, lost, logsInAsTyped } = nativeScript
  return [
    ...(lost.length === 0 ? [] : [`these programs find nothing for ${typed}, only for ${ascii}: ${titles(lost)}`]),
    ...(logsInAsTyped.length === 0
      ? []
      : [`these programs log in as ${typed} if a person types it, not as ${ascii}: ${titles(logsInAsTyped)}`])
  ]
}

function titles(programs: readonly Client[]): string {
  return programs.map(({ title }) => title).join(', ')
}

/**
 * Examines files that the settings name. Certificates, keys and logos are not among them, because opening those reports problems.
 * @returns problems with secrets, databases and certificate authorities
 */
export function unusableFiles(settings: Settings, context: SettingsContext): Fault[] {
  return [
    ...usersSecret(settings, context),
    ...redisPassword(settings, context),
    ...directoryFiles('directory', settings, context),
    ...directoryFiles('users', settings, context),
    ...acmeFiles(settings, context),
    ...consolePassword(settings, context)
  ]
}

function consolePassword({ admin }: Settings, { folder }: SettingsContext): Fault[] {
  if (admin?.passwordFile === undefined) return []
  const path = ['admin', 'passwordFile']
  const file = readConsolePassword(resolvePath(folder, admin.passwordFile))
  if ('problem' in file) return [error(path, file.problem)]
  const text = `found a password of less than ${leastLength} characters, which strangers can guess, expected a longer one`
  return file.password.length < leastLength ? [warning(path, text)] : []
}

function acmeFiles({ http }: Settings, { folder }: SettingsContext): Fault[] {
  const { ca, externalAccount } = http?.tls?.acme ?? {}
  const problemOf = (name: string | undefined) =>
    name === undefined ? undefined : whyUnreadable(resolvePath(folder, name))
  const [ofAuthority, ofKey] = [problemOf(ca), problemOf(externalAccount?.hmacKeyFile)]
  const path = ['http', 'tls', 'acme']
  return [
    ...(ofAuthority === undefined ? [] : [error([...path, 'ca'], `cannot read ${ca}: ${ofAuthority}`)]),
    // Why without the file name: people put the key itself there.
    ...(ofKey === undefined
      ? []
      : [error([...path, 'externalAccount', 'hmacKeyFile'], `cannot read the file: ${ofKey}`)])
  ]
}

function directoryFiles(block: 'directory' | 'users', settings: Settings, { folder }: SettingsContext): Fault[] {
  const { file, passwordFile, ca } = settings[block] ?? {}
  const problemOf = (name: string | undefined) =>
    name === undefined ? undefined : whyUnreadable(resolvePath(folder, name))
  const [ofFile, ofPassword, ofAuthority] = [problemOf(file), problemOf(passwordFile), problemOf(ca)]
  return [
    // Why only a warning: the service starts, and uses the database when it is there.
    ...(ofFile === undefined ? [] : [warning([block, 'file'], `cannot read ${file}: ${ofFile}`)]),
    // Why without the file name: people put the password itself there.
    ...(ofPassword === undefined ? [] : [error([block, 'passwordFile'], `cannot read the file: ${ofPassword}`)]),
    ...(ofAuthority === undefined ? [] : [error([block, 'ca'], `cannot read ${ca}: ${ofAuthority}`)])
  ]
}

function redisPassword({ limits }: Settings, context: SettingsContext): Fault[] {
  const read = readRedisPassword(limits?.rate ?? {}, context)
  return 'problem' in read ? [error(['limits', 'rate', 'redisPasswordFile'], read.problem)] : []
}

function usersSecret({ users }: Settings, context: SettingsContext): Fault[] {
  const read = users === undefined ? undefined : readUsersSecret(users, context)
  if (read === undefined || 'secret' in read) return []
  // Why only a warning: the environment of the service may contain the key even if that of this command does not.
  if (users?.secretFile === undefined) return basedOn([['users', 'secretFile']], [warning(['users'], read.problem)])
  return [error(['users', 'secretFile'], read.problem)]
}
