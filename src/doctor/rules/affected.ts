/**
 * Which mail programs a problem affects: they send the request in question, and cannot use the response.
 */
import type { Step } from '../../clients/model/client.ts'
import type { Program } from '../look/examination.ts'
import type { Evidence } from './evidence.ts'

/** @param meets called with each request without its query: `GET https://…`, `SRV _imaps._tcp.example.com` */
export function affected(programs: readonly Program[], meets: (asked: string) => boolean): string[] {
  return namesOf(programs, step => meets(withoutQuery(step)) && !/, (?:used|read)\b/.test(step.result))
}

/** @returns programs that got a response from the URL and refused it */
export function refusing(programs: readonly Program[], url: string): string[] {
  return namesOf(programs, step => withoutQuery(step).endsWith(` ${url}`) && step.result.includes('refused'))
}

/** @returns programs that request a URL at the host; without a scheme, both https and http count */
export function affectedByHost(programs: readonly Program[], host: string, scheme?: 'https' | 'http'): string[] {
  return affected(programs, asked => {
    const url = asked.replace(/^\S+ /, '')
    if (!URL.canParse(url)) return false
    const { protocol, hostname } = new URL(url)
    return hostname === host && (scheme === undefined || protocol === `${scheme}:`)
  })
}

/** @returns whether one of the programs finds no settings, or different ones than most */
export function isAnyFailing({ verdicts }: Evidence, clients: readonly string[]): boolean {
  return verdicts.some(({ program, verdict }) => verdict !== 'same' && clients.includes(program.client.name))
}

function withoutQuery({ asked }: Step): string {
  return asked.replace(/\?.*/, '')
}

function namesOf(programs: readonly Program[], hasMet: (step: Step) => boolean): string[] {
  return programs.filter(({ discovery }) => discovery.trace.some(hasMet)).map(({ client }) => client.name)
}
