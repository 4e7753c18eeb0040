/**
 * The tables of doctor's rules for docs/reference/doctor.md, from the findings in src/doctor and src/probes.
 */
import { code, table } from './markdown.ts'
import { type SourceObject, sourceObjects } from './source-objects.ts'

interface Rule {
  readonly name: string
  readonly severity: string
  readonly message: string
  readonly remedy: string
}

const name = /^[a-z]+\.[a-z0-9…-]+$/

/** Rules whose names the code composes. */
const variants: Readonly<Record<string, readonly string[]>> = {
  'document.no-…': ['document.no-autoconfig', 'document.no-autodiscover']
}

/** @returns tables by block name, one for each family: `doctor dns`, `doctor certificate`, … */
export function doctorReference(): Map<string, string> {
  const families = Map.groupBy(doctorRules(), rule => rule.name.replace(/\..*/, ''))
  return new Map(Array.from(families, ([family, rules]) => [`doctor ${family}`, rulesTable(rules)]))
}

/** @returns every rule once */
export function doctorRules(): Rule[] {
  const objects = ['doctor', 'probes'].flatMap(folder => sourceObjects(folder))
  const rules = objects.flatMap(object => [...ruleObjects(object), ...ruleLists(object)])
  return [...new Map(rules.map(rule => [rule.name, rule])).values()]
}

function ruleObjects({ values }: SourceObject): Rule[] {
  const names = (values.get('rule') ?? '').split(' | ').flatMap(each => variants[each] ?? [each])
  const messages = (values.get('message') ?? '').split(' | ')
  return names
    .filter(each => name.test(each))
    .map((each, index) => ({
      name: each,
      severity: values.get('severity') ?? '',
      message: messages[index] ?? messages[0] ?? '',
      remedy: values.get('remedy') ?? ''
    }))
}

/** Faults of probes are lists: rule, severity, message, remedy. */
function ruleLists({ isArray, values }: SourceObject): Rule[] {
  const [rule = '', severity = '', message = '', remedy = ''] = values.values()
  return isArray && name.test(rule) && remedy !== '' ? [{ name: rule, severity, message, remedy }] : []
}

function rulesTable(rules: readonly Rule[]): string {
  const rows = rules
    .toSorted((a, b) => a.name.localeCompare(b.name))
    .map(rule => [code(rule.name), severityOf(rule), sentence(rule.message), remedyOf(rule)])
  return table(['rule', 'severity', 'finding', 'what to do'], rows)
}

/** If the severity depends on the case, the table shows error. */
function severityOf({ severity }: Rule): string {
  const stated = severity.split(' | ').filter(each => ['error', 'warning', 'info'].includes(each))
  const words = stated.map(each => (each === 'info' ? 'note' : each))
  return words.length === 0 ? 'error' : [...new Set(words)].sort().join(' or ')
}

/** A remedy that the code computes is only in the report. */
function remedyOf({ remedy }: Rule): string {
  return /^[A-Z{…].*\.$/.test(remedy) ? sentence(remedy) : 'The report names the cause.'
}

function sentence(text: string): string {
  return text.replace(/\{\w+\}/g, '…').replace(/(?<![.!?])$/, '.')
}
