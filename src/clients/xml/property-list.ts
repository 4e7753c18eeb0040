/**
 * Reader for Apple property lists in their XML form: DTD PropertyList-1.0.
 */
import type { Plist, PlistDictionary } from '../../formats/plist.ts'
import { withoutDoctype } from '../../formats/xml.ts'
import { elements, ownText, readXmlTree, type XmlTree } from '../../formats/xml-tree.ts'
import { orRefusal, Refusal } from '../model/client.ts'

/** @returns the root dictionary; undefined if it is missing or contains a value that the DTD does not allow */
export function readPropertyList(xml: string): PlistDictionary | undefined {
  const plist = readXmlTree(withoutDoctype(xml))
  const [root, ...others] = plist?.name === 'plist' ? elements(plist) : []
  if (root?.name !== 'dict' || others.length > 0) return undefined
  const dictionary = orRefusal(() => toDictionary(root))
  return dictionary instanceof Refusal ? undefined : dictionary
}

function toValue(element: XmlTree): Plist {
  switch (element.name) {
    case 'string':
    case 'data':
    case 'date':
      return ownText(element)
    case 'integer':
      return toNumber(element, /^[+-]?\d+$/)
    case 'real':
      return toNumber(element, /^[+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?$/)
    case 'true':
    case 'false':
      return element.name === 'true'
    case 'array':
      return elements(element).map(toValue)
    case 'dict':
      return toDictionary(element)
    default:
      throw new Refusal(`<${element.name}>`)
  }
}

/** Observed: iOS does not open a profile with an empty <integer> (mailcow/mailcow-dockerized 2296). */
function toNumber(element: XmlTree, pattern: RegExp): number {
  const text = ownText(element).trim()
  if (!pattern.test(text)) throw new Refusal(`<${element.name}> ${text}`)
  return Number(text)
}

function toDictionary(element: XmlTree): PlistDictionary {
  const items = elements(element)
  const pairs: [string, Plist][] = []
  for (let index = 0; index < items.length; index += 2) {
    const [key, value] = items.slice(index, index + 2)
    if (key?.name !== 'key' || value === undefined) throw new Refusal('not pairs of key and value')
    pairs.push([ownText(key), toValue(value)])
  }
  return Object.fromEntries(pairs)
}
