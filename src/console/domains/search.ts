/**
 * The search for domains of the table. Domains of a directory are only found by their whole names.
 */
import { setImmediate } from 'node:timers/promises'
import type { Table } from '../../settings/table.ts'

export interface Match {
  /** A domain or a pattern. */
  readonly domain: string
  /** Its id. */
  readonly provider: string | undefined
}

export interface Matches {
  readonly matches: readonly Match[]
  /** Whether there are more than were returned. */
  readonly isCut: boolean
}

type Searched = Pick<Table, 'providers' | 'findByName'>

/** Why so few: a longer text finds the right one sooner than a longer list. */
const mostMatches = 50

/** How many domains are put into one text: this takes 2 ms. */
const domainsOfText = 20_000

/**
 * The domains of a table as texts with one domain on each line, in the order of the table. They are made when a search needs them.
 * Why texts: searching them for a million domains takes 40 ms, and searching each domain takes 480 ms (Node 24.21, 2026-11-30).
 */
interface Texts {
  readonly made: string[]
  readonly rest: Iterator<string, undefined>
}

const textsOfTables = new WeakMap<Searched, Texts>()

/**
 * @param text in lower case; the empty text matches every domain
 * @param pause lets other requests go first. It is called after each text that was made.
 * @returns the domains that contain it, in the order of the table
 */
export async function searchDomains(
  table: Searched,
  text: string,
  pause: () => Promise<unknown> = setImmediate
): Promise<Matches> {
  const texts = textsOfTables.get(table) ?? { made: [], rest: textsOf(table) }
  textsOfTables.set(table, texts)
  const matches: Match[] = []
  let index = 0
  let lines = await textAt(index, texts, pause)
  while (lines !== undefined) {
    for (const domain of linesWith(text, lines)) {
      if (matches.length === mostMatches) return { matches, isCut: true }
      matches.push({ domain, provider: table.findByName(domain)?.id })
    }
    index += 1
    lines = await textAt(index, texts, pause)
  }
  return { matches, isCut: false }
}

/** @param index at most one after the last text that was made. @returns undefined after the last text of the table */
async function textAt(
  index: number,
  { made, rest }: Texts,
  pause: () => Promise<unknown>
): Promise<string | undefined> {
  if (index < made.length) return made[index]
  const { value } = rest.next()
  if (value === undefined) return undefined
  made.push(value)
  await pause()
  return value
}

/** @param lines each ends with a line feed. @returns the lines that contain the text */
function* linesWith(text: string, lines: string): Iterable<string> {
  let at = lines.indexOf(text)
  // Why the length: the empty text is also found at the end.
  while (at !== -1 && at < lines.length) {
    const end = lines.indexOf('\n', at)
    yield lines.slice(lines.lastIndexOf('\n', at - 1) + 1, end)
    at = lines.indexOf(text, end + 1)
  }
}

function* textsOf({ providers }: Searched): Generator<string, undefined> {
  let domains: string[] = []
  for (const provider of providers) {
    for (let at = 0; at < provider.domains.length; at += domainsOfText) {
      domains.push(...provider.domains.slice(at, at + domainsOfText))
      if (domains.length < domainsOfText) continue
      yield `${domains.join('\n')}\n`
      domains = []
    }
  }
  if (domains.length > 0) yield `${domains.join('\n')}\n`
}
