/**
 * Domains with one thing broken in each: what is wrong is reported with the affected programs and a remedy.
 */
import type { Test } from 'tap'
import { doctor } from '../../../src/cli/commands/doctor.ts'
import type { Finding } from '../../../src/doctor/finding.ts'
import { runCommand } from '../cli/terminal.ts'
import { type Breakage, startDomain } from './living-domain.ts'

/** Who asks in ways that differ. */
export const asking = [
  ...['thunderbird', 'outlook-classic', 'outlook-cloud', 'apple', 'delta-chat', 'fairemail', 'emailengine', 'geary'],
  'himalaya'
]

/** Programs that ask https://autoconfig.example.com for anything, and for its autoconfig document. */
export const ofHost = ['thunderbird', 'apple', 'delta-chat', 'fairemail', 'geary', 'himalaya']
export const ofXml = ofHost.filter(name => name !== 'apple')

export interface Broken {
  readonly breakage: Breakage
  readonly rule: string
  readonly subject: string
  /** Who meets it. */
  readonly met: readonly string[]
  /** Who finds nothing, or something else. Default: nobody. */
  readonly failing?: readonly string[]
  /** Seconds that an answer may take. Default: so many that nothing is slow but what a test makes so. */
  readonly timeout?: string
}

interface Report {
  readonly findings: readonly Finding[]
  readonly programs: readonly { readonly client: string; readonly verdict: string }[]
}

/** @returns a test of such a domain */
export function tellsOf(broken: Broken): (t: Test) => Promise<void> {
  return async t => {
    const { breakage, rule, subject, met, failing = [], timeout = '60' } = broken
    const args = await startDomain(t, breakage)
    const programs = asking.flatMap(name => ['--client', name])
    const { code, out } = await runCommand(doctor, [...args, ...programs, '--timeout', timeout, '--json'])
    const report: Report = JSON.parse(out)
    t.equal(code, 1)
    const rules = report.findings.map(each => `${each.rule} ${each.subject}`)
    const found = report.findings.find(each => each.rule === rule && each.subject === subject)
    t.match(found, { severity: 'error', message: /\w.*\.$/, remedy: /\w.*\.$/ }, rules.join(', '))
    // Why: where the time is short more than that may take too long.
    if (broken.timeout !== undefined) {
      t.same(new Set(met).difference(new Set(found?.clients)), new Set())
      return
    }
    t.same(found?.clients, met, 'who meets it')
    const hurt = report.programs.filter(({ verdict }) => verdict !== 'same').map(({ client }) => client)
    t.same(hurt, failing, 'who fails')
  }
}
