/**
 * What `signpost doctor` can know about certificates that the service of the settings table orders itself.
 */
import { existsSync } from 'node:fs'
import type { OrderProblemOf } from '../../doctor/examine-domain.ts'
import type { Table } from '../../settings/table.ts'
import { openFile } from '../../sources/file.ts'
import { type Call, configFile } from '../command.ts'

/** @returns undefined if there is no settings table. @throws if the one of --config cannot be used */
export function findOrderProblems(call: Call): OrderProblemOf | undefined {
  const file = configFile(call)
  const isAskedFor = call.options.config !== undefined
  if (!isAskedFor && !existsSync(file)) return undefined
  try {
    return orderProblems(openFile(file).table, file)
  } catch (error) {
    if (isAskedFor) throw error
    return undefined
  }
}

/** @param file the settings file: names in it are relative to its folder */
export function orderProblems(table: Table, file: string): OrderProblemOf {
  return async domain => {
    if (table.settings.http?.tls?.acme === undefined) return undefined
    // Why loaded on demand: few services order certificates.
    const { readDomainProblem } = await import('../../certificates/domain-problem.ts')
    return await readDomainProblem(domain, table, { file, now: Date.now() })
  }
}
