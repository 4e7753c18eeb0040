/**
 * Writes YAML 1.2 with comments in the style of people: short lists and mappings are on one line.
 */
import { Document, isMap, isScalar, type Node, visit } from 'yaml'

/** A comment above the value at a path; with an empty path, at the top of the document. */
export interface YamlComment {
  readonly path: readonly (string | number)[]
  /** One or several lines. */
  readonly text: string
}

/** Maximum length of a list or mapping on one line, in characters. */
const widest = 100

/**
 * @param value consists of types that JSON supports
 * @param comments all their paths must exist in the value
 */
export function writeCommentedYaml(value: object, comments: readonly YamlComment[]): string {
  const document = new Document(value)
  // Why together: a value may have thousands of comments, and adding each to the others would take quadratic time.
  const byPath = Map.groupBy(comments, ({ path }) => JSON.stringify(path))
  for (const [path, same] of byPath) comment(document, JSON.parse(path), same)
  visit(document, {
    Collection(_, node) {
      if (fitsOneLine(node.toJS(document))) node.flow = true
    },
    Scalar(_, node) {
      if (typeof node.value === 'string' && node.value.search(hidden) >= 0) node.type = 'QUOTE_DOUBLE'
    }
  })
  return document.toString({ lineWidth: 0 }).replace(hidden, escapeCharacter)
}

/**
 * Characters that terminals and editors do not show or show in a different order, most of which YAML does not escape. Also
 * U+FFFD, because the settings loader rejects files that contain it as not being UTF-8.
 */
const hidden = /(?![\n\u200c\u200d])[\p{C}\p{Zl}\p{Zp}\ufffd]/gu

/** Spec: YAML 1.2.2, 5.7. */
function escapeCharacter(character: string): string {
  const code = Number(character.codePointAt(0)).toString(16)
  return code.length > 4 ? `\\U${code.padStart(8, '0')}` : `\\u${code.padStart(4, '0')}`
}

function comment(document: Document, path: YamlComment['path'], comments: readonly YamlComment[]): void {
  const target = path.length === 0 ? document : nodeAt(document, path)
  const lines = comments.flatMap(({ text }) => text.split('\n').map(line => ` ${line}`.trimEnd()))
  target.commentBefore = lines.join('\n')
}

/** @returns the key of a mapping entry, because a comment above the value would separate it from its key */
function nodeAt(document: Document, path: YamlComment['path']): Node {
  const parent = document.getIn(path.slice(0, -1), true)
  const keys = isMap(parent) ? parent.items.map(({ key }) => key) : []
  return (keys.find(key => isScalar(key) && key.value === path.at(-1)) ?? document.getIn(path, true)) as Node
}

function fitsOneLine(value: unknown): boolean {
  return !hasListOfMappings(value) && JSON.stringify(value).replaceAll('"', '').length <= widest
}

/** Why: such lists are never on one line, because one line for each mapping is easier to read and to edit. */
function hasListOfMappings(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const isListOfMappings = Array.isArray(value) && value.some(item => typeof item === 'object')
  return isListOfMappings || Object.values(value).some(hasListOfMappings)
}
