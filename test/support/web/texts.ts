/**
 * The messages of a language as a flat table, for tests of every message.
 */
import type { Messages } from '../../../src/web/words/messages.ts'

/** Texts by the path of their message, such as `servers.incoming`. A list of steps has several texts. */
export type Texts = ReadonlyMap<string, readonly string[]>

export function textsOf(messages: Messages): Texts {
  return new Map(entriesOf(messages, ''))
}

/** @returns the names of slots, each once, sorted */
export function slotsOf(texts: readonly string[]): string[] {
  return [...new Set(texts.flatMap(text => [...text.matchAll(/\{(.*?)\}/g)].map(([, name = '']) => name)))].sort()
}

function entriesOf(value: object, path: string): [string, readonly string[]][] {
  return Object.entries(value).flatMap(([key, below]): [string, readonly string[]][] => {
    const place = path === '' ? key : `${path}.${key}`
    if (typeof below === 'string') return [[place, [below]]]
    return Array.isArray(below) ? [[place, below]] : entriesOf(below, place)
  })
}
