/**
 * What is wrong with several domains, each cause once. Domains of one provider share its servers, and often its mistakes.
 */
import { bySeverity, type Finding } from './finding.ts'

/** A finding with the programs that it hurts. */
export interface DomainFinding extends Finding {
  /** Titles of mail programs that find no settings, or different ones, because of it. */
  readonly affects: readonly string[]
}

/** The findings of one domain. */
export interface DomainFindings {
  readonly domain: string
  readonly findings: readonly DomainFinding[]
}

/** A finding of one domain or more. If there are several, `<domain>` in its texts stands for each of them. */
export interface CommonCause extends DomainFinding {
  readonly domains: readonly string[]
}

const anyDomain = '<domain>'

/** @returns the most severe first, then those of the most domains */
export function commonCauses(all: readonly DomainFindings[]): CommonCause[] {
  const found = all.flatMap(({ domain, findings }) =>
    findings.map(finding => ({ domain, finding, general: generalized(finding, domain) }))
  )
  const groups = [...Map.groupBy(found, ({ general }) => keyOf(general)).values()]
  return bySeverity(groups.flatMap(toCause).toSorted((a, b) => b.domains.length - a.domains.length))
}

/** Why without durations: the same server never takes the same time twice. */
function keyOf({ rule, severity, subject, message }: Finding): string {
  return JSON.stringify([rule, severity, subject, message.replace(/\b\d{1,4}\.\d s/g, 's')])
}

interface Found {
  readonly domain: string
  readonly finding: DomainFinding
  /** The finding with `<domain>` instead of the domain. */
  readonly general: DomainFinding
}

/** @param same findings with the same cause. @returns one cause, or none for an empty list */
function toCause(same: readonly Found[]): CommonCause[] {
  const domains = [...new Set(same.map(({ domain }) => domain))]
  const texts = same.map(({ finding, general }) => (domains.length === 1 ? finding : general))
  const others = distinct(texts, finding => finding.others ?? [])
  const hasOneRemedy = new Set(texts.map(({ remedy }) => remedy)).size === 1
  return texts.slice(0, 1).map(text => ({
    ...text,
    ...(others.length > 0 && { others }),
    // Why: values such as the digest of a document differ between domains.
    remedy: hasOneRemedy ? text.remedy : `At ${domains[0]}: ${same[0]?.finding.remedy}`,
    clients: distinct(texts, ({ clients }) => clients),
    affects: distinct(texts, ({ affects }) => affects),
    domains
  }))
}

function distinct(findings: readonly DomainFinding[], of: (finding: DomainFinding) => readonly string[]): string[] {
  return [...new Set(findings.flatMap(of))]
}

function generalized(finding: DomainFinding, domain: string): DomainFinding {
  const { subject, others, message, remedy } = finding
  const general = (text: string) => withoutDomain(text, domain)
  return {
    ...finding,
    ...{ subject: general(subject), message: general(message), remedy: general(remedy) },
    ...(others !== undefined && { others: others.map(general) })
  }
}

/** @returns the text with `<domain>` instead of the domain, also in host names below it, but not inside of longer names */
function withoutDomain(text: string, domain: string): string {
  const [first = '', ...rest] = text.split(domain)
  let before = first
  // Why only the part before: a foreign text may contain the domain thousands of times.
  const replaced = rest.map((after, index) => {
    const isRepeated = (before === '' && index > 0) || (after === '' && index < rest.length - 1)
    const isWhole = !isRepeated && !/^[\w-]/.test(before.slice(-1)) && !/^(?:[\w-]|\.\w)/.test(after)
    before = after
    return `${isWhole ? anyDomain : domain}${after}`
  })
  return `${first}${replaced.join('')}`
}
