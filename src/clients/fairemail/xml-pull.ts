/**
 * XML as Android's XmlPullParser reads it (kXML, `next()`): each text is one event, with references and CDATA
 * resolved.
 */
import { withoutDoctype } from '../../formats/xml.ts'
import { readXmlTree, type XmlTree } from '../../formats/xml-tree.ts'

export type PullEvent =
  /** `text`: the text that follows immediately; undefined if an element or the end follows. */
  | {
      readonly kind: 'start'
      readonly name: string
      readonly type: string | undefined
      readonly text: string | undefined
    }
  | { readonly kind: 'end'; readonly name: string }

/** @returns undefined if the parser throws */
export function pullXml(body: string): PullEvent[] | undefined {
  const root = readXmlTree(withoutDoctype(body))
  return root && pull(root)
}

function pull({ name, attributes: { type }, children }: XmlTree): PullEvent[] {
  const element = children.findIndex(child => typeof child !== 'string')
  const text = children.slice(0, element === -1 ? undefined : element).join('')
  const inside = children.filter(child => typeof child !== 'string').flatMap(pull)
  return [{ kind: 'start', name, type, text: text || undefined }, ...inside, { kind: 'end', name }]
}
