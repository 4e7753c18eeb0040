/**
 * Tables of the settings for docs/reference/settings.md: one for each block of the settings table, from its schema and from
 * the example in config/signpost.yaml.
 */
import { parse, stringify } from 'yaml'
import { Settings } from '../../../src/settings/schema.ts'
import { commentedExample } from '../settings/commented-example.ts'
import { nodesOf, type SchemaNode } from '../settings/schema-node.ts'
import { code, table } from './markdown.ts'

/** @returns tables by block name: `settings http`, `settings providers`, … */
export function settingsReference(): Map<string, string> {
  const example: unknown = parse(commentedExample())
  const blocks = Object.keys(Settings.properties)
  // Why a copy: the types of typebox are narrower than those of any schema.
  const schema: SchemaNode = JSON.parse(JSON.stringify(Settings))
  const nodes = nodesOf(schema)
  return new Map(blocks.map(block => [`settings ${block}`, blockTable(block, nodes, example)]))
}

function blockTable(block: string, nodes: readonly (readonly [string, SchemaNode])[], example: unknown): string {
  const own = nodes.filter(
    ([path, node]) =>
      path.startsWith(`${block}.`) || path.startsWith(`${block}[].`) || (path === block && !hasFields(node))
  )
  const required = requiredPaths(nodes)
  const rows = own
    .filter(([path]) => !path.endsWith('[]') && !path.endsWith('.*'))
    .map(([path, node]) => {
      const { meaning, fallback } = meaningOf(node)
      const status = required.has(path) ? '**required**' : fallbackText(fallback)
      return [
        code(path.replace('providers[].', '')),
        typeOf(node),
        status,
        meaning,
        code(hasFields(node) ? '' : exampleText(example, path))
      ]
    })
  return table(['field', 'value', 'default', 'meaning', 'example'], rows)
}

function requiredPaths(nodes: readonly (readonly [string, SchemaNode])[]): Set<string> {
  const named = nodes.flatMap(([path, { required }]) => {
    const names = Array.isArray(required) ? required.map(String) : []
    return names.map(name => (path === '' ? name : `${path}.${name}`))
  })
  return new Set(named)
}

/** @returns the description without its default, and the default */
export function meaningOf({ description = '', enum: values }: SchemaNode): { meaning: string; fallback: string } {
  const [sentence, stated] = /(?:^|\s)Default: (.+?)\.(?=\s|$)/.exec(description) ?? []
  const meaning = sentence === undefined ? description : description.replace(sentence, '').trim()
  if (stated !== undefined) return { meaning, fallback: stated }
  if (Array.isArray(values) && description.includes('(default')) return { meaning, fallback: String(values[0]) }
  const [, marked = ''] = /(\d+): [^.]*\(default\)/.exec(description) ?? []
  return { meaning, fallback: marked }
}

/** A phrase such as `from name` is not a value. */
function fallbackText(fallback: string): string {
  return fallback.includes(' ') ? fallback : code(fallback)
}

function typeOf(node: SchemaNode): string {
  const { enum: values, type, title, minimum, maximum } = node
  if (Array.isArray(values)) return values.map(value => code(String(value))).join(', ')
  if (title !== undefined) return title.replace(/\S*[%*#][^,\s]*/g, code)
  if (type === 'integer') return `${minimum} to ${maximum}`
  if (type === 'array') return 'list'
  if (type === 'object') return 'block'
  return type === 'string' ? 'text' : String(type)
}

function hasFields({ properties, items }: SchemaNode): boolean {
  return properties !== undefined || items?.properties !== undefined
}

function exampleText(example: unknown, path: string): string {
  const value = exampleAt([example], path.replaceAll('[]', '.[]').split('.'))
  return value === undefined ? '' : stringify(value, { collectionStyle: 'flow', lineWidth: 0 }).trim()
}

/** @param values candidates, of which the first with the path is used */
function exampleAt(values: readonly unknown[], [name, ...rest]: readonly string[]): unknown {
  if (name === undefined) return values[0]
  const inside = values.flatMap(value => {
    if (name === '[]') return Array.isArray(value) ? value : []
    if (typeof value !== 'object' || value === null || !(name in value)) return []
    return [(value as Readonly<Record<string, unknown>>)[name]]
  })
  return exampleAt(inside, rest)
}
