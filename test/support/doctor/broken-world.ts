/**
 * Domains with one fault each, which is reported with the affected programs and a remedy.
 */
import type { Test } from 'tap'
import { doctor } from '../../../src/cli/commands/doctor.ts'
import type { Finding } from '../../../src/doctor/finding.ts'
import { runCommand } from '../cli/terminal.ts'
import { type Breakage, startDomain } from './living-domain.ts'

/** Programs whose requests differ from each other. */
export const testedPrograms = [
  ...['thunderbird', 'outlook-classic', 'outlook-cloud', 'apple', 'delta-chat', 'fairemail', 'emailengine', 'geary'],
  'himalaya'
]

/** Programs that contact https://autoconfig.example.com, and those that request its autoconfig document. */
export const ofHost = ['thunderbird', 'apple', 'delta-chat', 'fairemail', 'geary', 'himalaya']
export const ofXml = ofHost.filter(name => name !== 'apple')

export interface Broken {
  readonly breakage: Breakage
  readonly rule: string
  readonly subject: string
  /** Programs that encounter the fault. */
  readonly met: readonly string[]
  /** Programs that find nothing or different settings. Default: none. */
  readonly failing?: readonly string[]
  /** Timeout of a response in seconds. Default: so long that only deliberate delays exceed it. */
  readonly timeout?: string
}

interface Report {
  readonly findings: readonly Finding[]
  readonly programs: readonly { readonly client: string; readonly verdict: string }[]
}

/** @returns a test for a domain with the fault */
export function reportsFault(broken: Broken): (t: Test) => Promise<void> {
  return async t => {
    const { breakage, rule, subject, met, failing = [], timeout = '60' } = broken
    const args = await startDomain(t, breakage)
    const programs = testedPrograms.flatMap(name => ['--client', name])
    const { code, out } = await runCommand(doctor, [...args, ...programs, '--timeout', timeout, '--json'])
    const report: Report = JSON.parse(out)
    t.equal(code, 1)
    const rules = report.findings.map(each => `${each.rule} ${each.subject}`)
    const found = report.findings.find(each => each.rule === rule && each.subject === subject)
    t.match(found, { severity: 'error', message: /\w.*\.$/, remedy: /\w.*\.$/ }, rules.join(', '))
    // Why: with a short timeout, other requests may take too long as well.
    if (broken.timeout !== undefined) {
      t.same(new Set(met).difference(new Set(found?.clients)), new Set())
      return
    }
    t.same(found?.clients, met, 'programs that encounter it')
    const hurt = report.programs.filter(({ verdict }) => verdict !== 'same').map(({ client }) => client)
    t.same(hurt, failing, 'programs that fail')
  }
}
