/**
 * fast-xml-parser as one file. Why not imported: its ES modules are forty files, and take four times as long to load as
 * the file of the same package that `require` gives.
 */
import { createRequire } from 'node:module'

type FastXmlParser = typeof import('fast-xml-parser')

export const { XMLBuilder, XMLParser }: FastXmlParser = createRequire(import.meta.url)('fast-xml-parser')
