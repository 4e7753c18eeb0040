/**
 * Writes Apple property lists in XML: DTD PropertyList-1.0.
 */
import { escapeXml } from './xml.ts'

export type Plist = string | number | boolean | readonly Plist[] | PlistDictionary
export interface PlistDictionary {
  /** Keys with the value undefined are omitted. Apple's installer asks for missing values, but accepts "". */
  readonly [key: string]: Plist | undefined
}

/** @param root all numbers must be integers, because profiles contain no reals and devices reject integers written as reals */
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
