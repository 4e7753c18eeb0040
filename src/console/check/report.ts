/**
 * What an examination is started with, and its result as a file.
 */
import { type Document, document } from '../../dialects/document.ts'
import { toSubject } from '../../doctor/look/examined-domain.ts'
import { jsonReport } from '../../doctor/report/json-report.ts'
import type { LastCheck } from './runner.ts'

/** Why without the address: nothing about a person is stored. @returns the domain as A-labels; undefined for any other text */
export function typedDomain(text: string): string | undefined {
  return toSubject(text.trim())?.domain
}

/** @returns undefined if there is no result */
export function toReport(result: LastCheck | undefined): Document | undefined {
  if (result?.examined === undefined) return undefined
  const { evidence, findings, ms } = result.examined
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    'content-disposition': `attachment; filename="doctor-${result.domain}.json"`,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff'
  }
  return document(200, headers, jsonReport(evidence, { findings, ms }))
}
