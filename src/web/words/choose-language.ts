/**
 * Chooses the language of a page: `?lang=`, then Accept-Language (RFC 9110 12.5.4), by lookup (RFC 4647 3.4).
 */
import { fallback, languages } from './languages/index.ts'
import type { Messages } from './messages.ts'

export interface ChosenLanguage {
  readonly messages: Messages
  /** Whether the URL names the language. Otherwise it depends on Accept-Language. */
  readonly isChosen: boolean
}

interface Range {
  /** In lower case; `*` for all languages. */
  readonly tag: string
  /** 0 to 1. */
  readonly quality: number
}

// Spec: RFC 5646 4.4.1: all implementations must support tags of this length.
const tagLimit = 35
// Why: browsers send less than 200 characters. Longer headers are not worth the time.
const headerLimit = 1000
const rangeLimit = 30

// Spec: RFC 4647 2.1: language-range; RFC 9110 12.4.2: weight.
const element = /^(\*|[a-z]{1,8}(?:-[a-z0-9]{1,8})*)(?:[ \t]*;[ \t]*q=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?))?$/i

/**
 * @param lang the parameter `lang` of the query; ignored unless it names an available language
 * @param acceptLanguage the header as received; invalid ranges are ignored
 * @returns English if no available language matches
 */
export function chooseLanguage(lang: string | undefined, acceptLanguage: string | undefined): ChosenLanguage {
  const chosen = asked(lang ?? '')
  return { messages: chosen ?? accepted(acceptLanguage ?? '') ?? fallback, isChosen: chosen !== undefined }
}

function asked(lang: string): Messages | undefined {
  return lang.length > tagLimit ? undefined : lookUp(lang.toLowerCase(), languages)
}

function accepted(header: string): Messages | undefined {
  const ranges = toRanges(header)
  const named = new Map(ranges.map(({ tag, quality }) => [tag, quality]))
  // Spec: RFC 9110 12.4.2: a quality of 0 means "not acceptable".
  const available = languages.filter(({ code }) => named.get(code) !== 0)
  for (const { tag } of ranges.filter(({ quality }) => quality > 0).sort((a, b) => b.quality - a.quality)) {
    const found = tag === '*' ? anyBut(named, available) : lookUp(tag, available)
    if (found !== undefined) return found
  }
  return undefined
}

function toRanges(header: string): Range[] {
  if (header.length > headerLimit) return []
  return header.split(',', rangeLimit).flatMap(text => {
    const [, tag, quality = '1'] = element.exec(text.trim()) ?? []
    return tag === undefined ? [] : [{ tag: tag.toLowerCase(), quality: Number(quality) }]
  })
}

/** Spec: RFC 4647 3.4: subtags are removed from the end of the range until it matches an available language. */
function lookUp(tag: string, available: readonly Messages[]): Messages | undefined {
  for (let end = tag.length; end > 0; end = tag.lastIndexOf('-', end - 1)) {
    const found = available.find(({ code }) => code === tag.slice(0, end))
    if (found !== undefined) return found
  }
  return undefined
}

/** Spec: RFC 9110 12.5.4: `*` matches all languages that no other range names. */
function anyBut(named: ReadonlyMap<string, number>, available: readonly Messages[]): Messages | undefined {
  const others = available.filter(({ code }) => !named.has(code))
  return others.find(messages => messages === fallback) ?? others[0]
}
