/**
 * An examination with what follows from it: what every rule looks at.
 */
import { type Advertisement, advertisements } from '../look/advertisement.ts'
import type { Examination } from '../look/examination.ts'
import { type Reference, referenceOf } from './agreed-settings.ts'
import { type Verdict, verdictOf } from './verdict.ts'

export interface Reading extends Examination {
  readonly advertisements: readonly Advertisement[]
  /** Undefined where no program finds a mail server. */
  readonly reference: Reference | undefined
  readonly verdicts: readonly Verdict[]
}

export function toReading(examination: Examination): Reading {
  const { visits, dns, subject, programs } = examination
  const reference = referenceOf(programs, subject.address)
  return {
    ...examination,
    advertisements: advertisements(visits, dns, subject),
    reference,
    verdicts: programs.map(program => verdictOf(program, reference, subject.address))
  }
}
