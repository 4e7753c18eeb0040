/**
 * YAML 1.2 with comments, in the layout that people write: small lists and mappings on one line.
 */
import { Document, isMap, isScalar, type Node, visit } from 'yaml'

/** A comment above what stands at a path; at the empty path, at the top. */
export interface YamlComment {
  readonly path: readonly (string | number)[]
  /** Of one or several lines. */
  readonly text: string
}

/** In characters, of a list or mapping on one line. */
const widest = 100

/** @param value what JSON can hold. @param comments whose paths are in it */
export function writeCommentedYaml(value: object, comments: readonly YamlComment[]): string {
  const document = new Document(value)
  for (const { path, text } of comments) comment(document, path, text)
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
 * What a terminal or an editor does not show, or shows in another order: YAML itself leaves most of it unescaped. And
 * U+FFFD, by which the settings loader recognises a file that is not UTF-8.
 */
const hidden = /(?![\n\u200c\u200d])[\p{C}\p{Zl}\p{Zp}\ufffd]/gu

/** Spec: YAML 1.2.2, 5.7. */
function escapeCharacter(character: string): string {
  const code = Number(character.codePointAt(0)).toString(16)
  return code.length > 4 ? `\\U${code.padStart(8, '0')}` : `\\u${code.padStart(4, '0')}`
}

function comment(document: Document, path: YamlComment['path'], text: string): void {
  const place = path.length === 0 ? document : nodeAt(document, path)
  const lines = text.split('\n').map(line => ` ${line}`.trimEnd())
  place.commentBefore = [...(place.commentBefore?.split('\n') ?? []), ...lines].join('\n')
}

/** @returns the key where there is one: a comment above a value would part it from its key */
function nodeAt(document: Document, path: YamlComment['path']): Node {
  const parent = document.getIn(path.slice(0, -1), true)
  const keys = isMap(parent) ? parent.items.map(({ key }) => key) : []
  return (keys.find(key => isScalar(key) && key.value === path.at(-1)) ?? document.getIn(path, true)) as Node
}

function fitsOneLine(value: unknown): boolean {
  return !hasListOfMappings(value) && JSON.stringify(value).replaceAll('"', '').length <= widest
}

/** Why never on one line: a line each is easier to read and to change. */
function hasListOfMappings(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const isListOfMappings = Array.isArray(value) && value.some(item => typeof item === 'object')
  return isListOfMappings || Object.values(value).some(hasListOfMappings)
}
