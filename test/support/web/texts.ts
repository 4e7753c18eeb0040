/**
 * The messages of a language as a flat table, for the tests that look at every one of them.
 */
import type { Messages } from '../../../src/web/words/messages.ts'

/** Where a message stands, such as `servers.incoming`, with its texts: more than one for a list of steps. */
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
