/**
 * A provider's logo out of a file, as a data: URL (RFC 2397) that stands inside of the page.
 */
import type { ReadLogo } from '../settings/load/load.ts'
import { readBytes } from './read-bytes.ts'

/** Why: it travels with every page. */
const mostBytes = 8 * 1024

const png = Buffer.from('89504e470d0a1a0a', 'hex')

/** Before the element: a byte order mark, the declaration, comments, a document type. */
const svg = /^\ufeff?\s*(?:<\?xml[^>]*>\s*|<!--(?:(?!-->).)*-->\s*|<!DOCTYPE[^>[]*>\s*)*<svg[\s>]/s

/**
 * Why an SVG may hold scripts and references: the page shows it in an <img>, where browsers run nothing and load nothing
 * (SVG Integration, "secure static mode"), and the page's Content-Security-Policy forbids both besides.
 */
export const readLogo: ReadLogo = file => {
  const read = readBytes(file, mostBytes)
  if ('reason' in read) return { reason: `cannot read ${file}: ${read.reason}` }
  const { bytes } = read
  const type = typeOf(bytes)
  if (type === undefined) return { reason: `found neither SVG nor PNG in ${file}` }
  return { url: `data:${type};base64,${bytes.toString('base64')}` }
}

function typeOf(bytes: Buffer): string | undefined {
  if (bytes.subarray(0, png.length).equals(png)) return 'image/png'
  return svg.test(bytes.toString()) ? 'image/svg+xml' : undefined
}
