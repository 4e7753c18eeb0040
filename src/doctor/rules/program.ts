/**
 * Mail programs that find nothing, or other settings than most.
 */
import type { Finding } from '../finding.ts'
import type { Reading } from './evidence.ts'
import type { Verdict } from './verdict.ts'

/** @param causes what is wrong otherwise, which may be the reason */
export function programRules(reading: Reading, causes: readonly Finding[]): Finding[] {
  const { verdicts } = reading
  const asking = verdicts.filter(({ program }) => !isSetUpByProfile(program.client.name))
  if (asking.length > 1 && asking.every(({ verdict }) => verdict === 'nothing')) return [nothingAtAll(reading, asking)]
  return verdicts.filter(({ verdict }) => verdict !== 'same').map(verdict => programFinding(verdict, reading, causes))
}

/** Apple's programs search nowhere: without a profile they are set up by hand, as most of their users do. */
function isSetUpByProfile(name: string): boolean {
  return name === 'apple'
}

function nothingAtAll({ subject }: Reading, verdicts: readonly Verdict[]): Finding {
  return {
    rule: 'program.none-finds-any',
    severity: 'error',
    subject: subject.domain,
    message: 'No mail program finds settings for this domain.',
    remedy: `Serve an autoconfig document at https://autoconfig.${subject.domain}/mail/config-v1.1.xml and an Autodiscover document at https://autodiscover.${subject.domain}/autodiscover/autodiscover.xml.`,
    clients: verdicts.map(({ program }) => program.client.name)
  }
}

function programFinding(judged: Verdict, reading: Reading, causes: readonly Finding[]): Finding {
  const { program, verdict, reason } = judged
  const { name, title } = program.client
  const isNote = verdict === 'nothing' && isSetUpByProfile(name)
  return {
    rule: verdict === 'nothing' ? 'program.finds-nothing' : 'program.differs',
    severity: isNote ? 'info' : verdict === 'nothing' ? 'error' : 'warning',
    subject: title,
    message: verdict === 'nothing' ? `It finds nothing: ${reason}.` : `It finds something else: ${reason}.`,
    remedy: remedyOf(judged, reading, causes),
    clients: isNote ? [] : [name]
  }
}

/** @returns the settings line of a verdict in words, for the matrix and the finding alike */
export function remedyOf({ program }: Verdict, { subject }: Reading, causes: readonly Finding[]): string {
  const { name, title } = program.client
  const own = causes.filter(({ clients, severity }) => severity !== 'info' && clients.includes(name))
  if (own.length > 0) {
    const named = own.slice(0, 2).map(({ rule, subject: place }) => `${rule} at ${place}`)
    return `Mend ${named.join(' and ')}.`
  }
  const asked = program.discovery.trace
    .map(step => step.asked.replace(/\?.*/, ''))
    .filter(text => text.includes(subject.domain) && !text.startsWith('MX'))
  const places = [...new Set(asked)].slice(0, 2)
  return places.length === 0 ? `${title} cannot ask for this address.` : `Answer what it asks: ${places.join(' or ')}.`
}
