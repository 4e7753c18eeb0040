/**
 * The tables of the HTTP API for docs/reference/http-api.md, from the OpenAPI document.
 */
import { openapi } from '../../../src/http/routes/openapi.ts'
import { nodesOf, type SchemaNode } from '../settings/schema-node.ts'
import { code, table } from './markdown.ts'

/** @returns the blocks `api responses` and `api fields` */
export function httpReference(): Map<string, string> {
  const { get } = openapi.paths['/api/settings']
  const responses = Object.entries(get.responses).map(([status, { description }]) => [status, description])
  const fields = nodesOf(openapi.components.schemas.Settings as SchemaNode)
    .filter(([path]) => path !== '' && !path.endsWith('[]'))
    .map(([path, node]) => [code(path), typeOf(node), node.description ?? ''])
  return new Map([
    ['api responses', table(['status', 'meaning'], responses)],
    ['api fields', table(['field', 'type', 'meaning'], fields)]
  ])
}

function typeOf({ enum: values, type, format }: SchemaNode): string {
  if (Array.isArray(values)) return values.map(value => code(String(value))).join(', ')
  return format === 'uri' ? 'URL' : [type].flat().join(' or ')
}
