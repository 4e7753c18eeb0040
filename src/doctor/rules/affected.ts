/**
 * Which mail programs meet something: they ask for it, and do not get what they want of it.
 */
import type { Step } from '../../clients/model/client.ts'
import type { Program } from '../look/examination.ts'
import type { Reading } from './evidence.ts'

/** @param meets told what was asked, without a query: `GET https://…`, `SRV _imaps._tcp.example.com` */
export function affected(programs: readonly Program[], meets: (asked: string) => boolean): string[] {
  return namesOf(programs, step => meets(withoutQuery(step)) && !/, (?:used|read)\b/.test(step.result))
}

/** @returns programs that got an answer from the URL, and gave it up themselves */
export function refusing(programs: readonly Program[], url: string): string[] {
  return namesOf(programs, step => withoutQuery(step).endsWith(` ${url}`) && step.result.includes('refused'))
}

/** @returns programs that meet any URL of the host, by https or http where no scheme is given */
export function affectedByHost(programs: readonly Program[], host: string, scheme?: 'https' | 'http'): string[] {
  return affected(programs, asked => {
    const url = asked.replace(/^\S+ /, '')
    if (!URL.canParse(url)) return false
    const { protocol, hostname } = new URL(url)
    return hostname === host && (scheme === undefined || protocol === `${scheme}:`)
  })
}

/** @returns whether one of the programs ends with nothing, or with other settings than most */
export function isAnyFailing({ verdicts }: Reading, clients: readonly string[]): boolean {
  return verdicts.some(({ program, verdict }) => verdict !== 'same' && clients.includes(program.client.name))
}

function withoutQuery({ asked }: Step): string {
  return asked.replace(/\?.*/, '')
}

function namesOf(programs: readonly Program[], hasMet: (step: Step) => boolean): string[] {
  return programs.filter(({ discovery }) => discovery.trace.some(hasMet)).map(({ client }) => client.name)
}
