/**
 * Mistakes that XML parsers of mail programs refuse, and that fast-xml-parser passes over.
 */

export interface XmlMistake {
  /** `reference`: an entity or a character that XML does not define; `ampersand`: one that begins no reference. */
  readonly kind: 'reference' | 'ampersand' | 'comment' | 'character'
  /** For people: the reference as written, with `&` and `;`, or what it is. */
  readonly what: string
  /** Continues `what`, or "it": what the standard says. */
  readonly why: string
  readonly offset: number
  /** The offset behind it. */
  readonly end: number
}

/**
 * Spec: XML 1.0 2.2: control characters are not allowed. 2.4: an ampersand begins a reference, also in an attribute. 2.5: a comment
 * contains no `--`. 4.1: without a document type, a document may refer to five entities and to the characters of 2.2. The names that HTML has for characters,
 * such as `&uuml;`, are not defined.
 *
 * @param text must be well-formed apart from that
 * @returns the first mistake
 */
export function xmlMistake(text: string): XmlMistake | undefined {
  const [first] = mistakes(text)
  return first
}

/** @returns a text that all parsers read: each undefined reference as it is written, and a space in place of other mistakes */
export function withoutMistakes(text: string): string {
  const pieces: string[] = []
  let from = 0
  for (const { kind, offset, end } of mistakes(text)) {
    const isAmpersand = kind === 'reference' || kind === 'ampersand'
    const mended = isAmpersand ? `&amp;${text.slice(offset + 1, end)}` : ' '
    pieces.push(text.slice(from, offset), mended)
    from = end
  }
  return pieces.join('') + text.slice(from)
}

function* mistakes(text: string): Generator<XmlMistake> {
  const tokens = /<!--|<!\[CDATA\[|<\?|[^\t\n\r -\ufffd]|&(?:([!-%'-:=-\ufffd]{1,64});)?/g
  for (let match = tokens.exec(text); match !== null; match = tokens.exec(text)) {
    const { 0: found, 1: name, index: offset } = match
    const close = closes.get(found)
    if (close !== undefined) {
      const until = text.indexOf(close, tokens.lastIndex)
      const inside = text.slice(tokens.lastIndex, until === -1 ? text.length : until)
      tokens.lastIndex += inside.length
      if (found === '<!--' && /--|-$/.test(inside)) {
        const end = tokens.lastIndex + close.length
        yield { kind: 'comment', what: 'comment', why: 'contains "--", which XML does not allow', offset, end }
      }
    } else if (found === '&') {
      yield { kind: 'ampersand', what: '&', why: 'must be written as &amp;', offset, end: tokens.lastIndex }
    } else if (name === undefined) {
      const what = `character U+${found.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`
      yield { kind: 'character', what, why: 'is not allowed in XML', offset, end: tokens.lastIndex }
    } else if (!isDefined(name)) {
      yield { kind: 'reference', what: found, why: 'is not defined in XML', offset, end: tokens.lastIndex }
    }
  }
}

/** Of comments, CDATA sections and instructions. */
const closes = new Map([
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
  ['<?', '?>']
])

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
