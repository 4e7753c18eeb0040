/**
 * Parses YAML 1.2 and explains syntax errors in terms that people who write YAML understand.
 */
import {
  type Alias,
  type Document,
  type ErrorCode,
  isAlias,
  isCollection,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  type Scalar,
  visit,
  type YAMLError
} from 'yaml'
import { found, printable, withoutUserinfo } from './finding.ts'

export interface Syntax {
  readonly document: Document.Parsed
  /** Undefined if a flaw is an error. */
  readonly value: unknown
  readonly flaws: readonly Flaw[]
}

export interface Flaw {
  readonly severity: 'error' | 'warning'
  readonly offset: number
  readonly message: string
}

export function parse(text: string): Syntax {
  const document = parseDocument(text, {
    schema: 'core',
    merge: true,
    stringKeys: true,
    resolveKnownTags: false,
    // Why: `yaml` compares each key of a mapping with all others; `findRepeatedKeys` takes linear time.
    uniqueKeys: false,
    prettyErrors: false
  })
  const warnings = document.warnings.map(problem => reword(problem, text, 'warning'))
  const refuse = (errors: readonly Flaw[]) => ({ document, value: undefined, flaws: [...errors, ...warnings] })
  const garbled = text.indexOf('\ufffd')
  if (garbled >= 0) return refuse([flaw(garbled, 'found bytes that are not UTF-8, expected a file saved as UTF-8')])
  const errors = decisive(document.errors).map(problem => reword(problem, text, 'error'))
  const broken = [...errors, ...findRepeatedKeys(document)]
  if (broken.length > 0) return refuse(broken)
  try {
    const stray = resolveAliases(document)
    if (stray.length > 0) return refuse(stray)
    if (countAliased(document) > mostAliased) {
      return refuse([flaw(0, `found aliases that stand for too many values, expected at most ${mostAliased} in all`)])
    }
    // Why unlimited: `yaml` allows an anchor 99 aliases, but thousands of providers may share their servers.
    return { document, value: document.toJS({ maxAliasCount: -1 }), flaws: warnings }
  } catch {
    // Why: `yaml` expands a mapping that is merged into itself until the stack is full.
    return refuse([flaw(0, 'found a mapping that is merged into itself')])
  }
}

/** How many values aliases may stand for, all together. */
const mostAliased = 1_000_000

/** @returns how many values all aliases stand for. Why: nested aliases multiply (a "bomb"), and merging copies each value */
function countAliased({ contents }: Document.Parsed): number {
  const sizes = new Map<string, number>()
  let aliased = 0

  /** @returns the number of values, including those behind aliases */
  function sizeOf(node: unknown): number {
    if (isAlias(node)) {
      // Why 1: an alias within its own anchor.
      const size = sizes.get(node.source) ?? 1
      aliased += size
      return size
    }
    if (isPair(node)) return sizeOf(node.key) + sizeOf(node.value)
    const size = isCollection(node) ? node.items.reduce<number>((sum, item) => sum + sizeOf(item), 1) : 1
    if (isNode(node) && 'anchor' in node && node.anchor !== undefined) sizes.set(node.anchor, size)
    return size
  }

  sizeOf(contents)
  return aliased
}

/** @param message begins with "found ", which stays even if the rest looks like a URL with a password */
function flaw(offset: number, message: string, severity: Flaw['severity'] = 'error'): Flaw {
  return { severity, offset, message: printable(`found ${withoutUserinfo(message.slice('found '.length))}`) }
}

/** Spec: YAML 1.2.2, 3.2.1.1: keys of a mapping are unique. */
function findRepeatedKeys(document: Document.Parsed): Flaw[] {
  const flaws: Flaw[] = []
  visit(document, {
    Map(_, map) {
      const seen = new Set<unknown>()
      for (const { key } of map.items) {
        if (!isScalar(key)) continue
        const { value, range } = key as Scalar.Parsed
        if (seen.has(value)) flaws.push(flaw(range[0], `found ${found(value)} a second time, expected each key once`))
        seen.add(value)
      }
    }
  })
  return flaws
}

/**
 * Resolves all aliases, and finds those without an anchor.
 *
 * Why: `yaml` throws at the first undefined alias, and without its position. It also searches the whole document for the
 * anchor of each alias that is merged, which takes quadratic time.
 */
function resolveAliases(document: Document.Parsed): Flaw[] {
  const anchors = new Map<string, Node>()
  const flaws: Flaw[] = []
  visit(document, {
    Alias(_, alias) {
      const { source, range } = alias as Alias.Parsed
      const node = anchors.get(source)
      if (node !== undefined) {
        Object.assign(alias, { resolve: () => node })
        return
      }
      flaws.push(flaw(range[0], `found *${source}, expected "*${source}" in quotes (or an anchor &${source} above)`))
    },
    Value(_, node) {
      if (node.anchor !== undefined) anchors.set(node.anchor, node)
    },
    Pair(_, { key, value }: Pair) {
      if (!isScalar(key) || key.value !== '<<' || key.type !== 'PLAIN') return
      const sources = isSeq(value) ? value.items : [value]
      const mapped = sources.every(source => isMap(isAlias(source) ? anchors.get(source.source) : source))
      const { range } = key as Scalar.Parsed
      if (!mapped) flaws.push(flaw(range[0], 'found << without a mapping, expected <<: *anchor'))
    }
  })
  return flaws
}

/** Why: after `yaml` gives up, it reports each bracket that it did not read as missing. */
function decisive(errors: readonly YAMLError[]): readonly YAMLError[] {
  const exhausted = errors.filter(({ code }) => code === 'RESOURCE_EXHAUSTION')
  return exhausted.length > 0 ? exhausted.slice(0, 1) : errors
}

/** Messages that are made from the rest of the line. */
const words: Partial<Record<ErrorCode, (rest: string) => string>> = {
  BAD_ALIAS: unquoted,
  BAD_SCALAR_START: unquoted,
  BLOCK_AS_IMPLICIT_KEY: () =>
    'found a mapping inside a text, expected a text with ": " in quotes, or different indentation',
  MULTILINE_IMPLICIT_KEY: noKey,
  MULTIPLE_DOCS: () => 'found a second document after ---, expected one',
  NON_STRING_KEY: () => 'found a list, a mapping or an alias as a key, expected a text',
  RESOURCE_EXHAUSTION: () => 'found lists or mappings that are nested too deeply',
  TAB_AS_INDENT: () => 'found a tab, expected spaces'
}

function unquoted(rest: string): string {
  return `found ${rest.charAt(0)} at the start of a text, expected the text in quotes`
}

function noKey(rest: string): string {
  return `found ${found(rest)}, expected "key: value" with a space after the colon`
}

/** Our own words for the messages of `yaml`. Why: it describes its parser, and not what people have written. */
const explanations: readonly (readonly [message: RegExp, words: string])[] = [
  [/^Missing closing "/, 'found a text in quotes without its end, expected "'],
  [/^Missing closing '/, "found a text in quotes without its end, expected '"],
  [/end with a \]/, 'found a list in brackets without its end, expected ] or deeper indentation'],
  [/end with a \}/, 'found a mapping in brackets without its end, expected } or deeper indentation'],
  [/^Missing , |^Missing space after : /, 'found two values without a comma between them, expected a comma'],
  [/^Unexpected (?:,|empty item)/, 'found a comma without a value before it, expected a value'],
  [
    /^Comments must be separated/,
    'found # directly after another character, expected a space before it, or the text in quotes'
  ],
  [
    /^(?:Sequence item without|A block sequence)/,
    'found a line that does not continue the list, expected "- " before each item'
  ],
  [
    /must start at the same column|indent|start on same line/i,
    'found another indentation than above, expected the same number of spaces'
  ],
  [/^Invalid escape sequence/, 'found a backslash that means nothing in double quotes, expected two, or single quotes'],
  [/^Unresolved tag|tag/i, 'found a tag, which is ignored, expected a value without "!"'],
  [/anchor|alias/i, 'found an anchor or an alias in the wrong place, expected one at the start of a value']
]

function reword({ code, pos: [start], message }: YAMLError, text: string, severity: Flaw['severity']): Flaw {
  const [rest = ''] = text.slice(start, start + 100).split(/[\r\n]/, 1)
  if (message.startsWith('Implicit map keys')) return flaw(start, noKey(rest), severity)
  const [, explained = `found ${found(rest)}, which is not YAML here`] =
    explanations.find(([pattern]) => pattern.test(message)) ?? []
  return flaw(start, words[code]?.(rest) ?? explained, severity)
}
