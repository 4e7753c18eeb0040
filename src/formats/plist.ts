/**
 * Apple property lists, XML form: DTD PropertyList-1.0.
 */
import { escapeXml } from './xml.ts'

export type Plist = string | number | boolean | readonly Plist[] | PlistDictionary
export interface PlistDictionary {
  /** A key whose value is undefined is left out: Apple's installer asks for what is absent, and takes "" as given. */
  readonly [key: string]: Plist | undefined
}

/** @param root numbers must be integers: no key of a profile is a real, and devices refuse an integer written as one */
export function writePlist(root: PlistDictionary): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
${element(root, '')}</plist>
`
}

function element(value: Plist, indent: string): string {
  const deeper = `${indent}  `
  if (typeof value === 'string') return `${indent}<string>${escapeXml(value)}</string>\n`
  if (typeof value === 'number') return `${indent}<integer>${value}</integer>\n`
  if (typeof value === 'boolean') return `${indent}<${value}/>\n`
  if (isList(value)) return `${indent}<array>\n${value.map(item => element(item, deeper)).join('')}${indent}</array>\n`
  const pairs = Object.entries(value).map(([key, item]) =>
    item === undefined ? '' : `${deeper}<key>${escapeXml(key)}</key>\n${element(item, deeper)}`
  )
  return `${indent}<dict>\n${pairs.join('')}${indent}</dict>\n`
}

// Why: Array.isArray does not narrow a readonly array out of a union.
function isList(value: Plist): value is readonly Plist[] {
  return Array.isArray(value)
}
