/**
 * References in XML that parsers of mail programs reject, and that `xml-tree.ts` passes over.
 */

export interface BadReference {
  /** As written, with `&` and `;`. */
  readonly reference: string
  readonly offset: number
}

/**
 * Spec: XML 1.0 4.1: without a document type, a document may refer to five entities and to the characters of 2.2. The names
 * that HTML has for characters, such as `&uuml;`, are not defined.
 *
 * @param text must be well-formed apart from that
 */
export function badReference(text: string): BadReference | undefined {
  const token = /<!--|<!\[CDATA\[|<\?|&([^;&<]{1,64});/g
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const [reference, name] = match
    if (name === undefined) token.lastIndex = endOf(text, reference, token.lastIndex)
    else if (!isDefined(name)) return { reference, offset: match.index }
  }
  return undefined
}

const ends = new Map([
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
  ['<?', '?>']
])

/** @returns the offset of the end of a comment, a CDATA section or an instruction */
function endOf(text: string, start: string, from: number): number {
  const end = text.indexOf(String(ends.get(start)), from)
  return end === -1 ? text.length : end
}

const entities = ['amp', 'lt', 'gt', 'quot', 'apos']

function isDefined(name: string): boolean {
  const [, hex, decimal] = /^#(?:x([\da-fA-F]+)|(\d+))$/.exec(name) ?? []
  const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)
  return entities.includes(name) || isCharacter(code)
}

/** @param code NaN is none */
function isCharacter(code: number): boolean {
  const isControl = code < 0x20 && ![0x9, 0xa, 0xd].includes(code)
  const isSurrogate = code >= 0xd800 && code <= 0xdfff
  return code <= 0x10ffff && !isControl && !isSurrogate && code !== 0xfffe && code !== 0xffff
}
