/**
 * A JSON Schema, taken apart.
 */
export interface SchemaNode {
  readonly [word: string]: unknown
  readonly type?: string | readonly string[] | undefined
  readonly title?: string | undefined
  readonly description?: string | undefined
  readonly properties?: Readonly<Record<string, SchemaNode>> | undefined
  readonly patternProperties?: Readonly<Record<string, SchemaNode>> | undefined
  readonly items?: SchemaNode | undefined
  readonly anyOf?: readonly SchemaNode[] | undefined
}

/** @returns a schema and all below it, by path: ``, `providers`, `providers[]`, `providers[].id`, `….note.*` */
export function nodesOf(schema: SchemaNode, path = ''): [path: string, node: SchemaNode][] {
  const { properties = {}, patternProperties = {}, items } = schema
  const below = (name: string) => (path === '' ? name : `${path}.${name}`)
  return [
    [path, schema],
    ...Object.entries(properties).flatMap(([name, node]) => nodesOf(node, below(name))),
    ...Object.values(patternProperties).flatMap(node => nodesOf(node, below('*'))),
    ...(items === undefined ? [] : nodesOf(items, `${path}[]`))
  ]
}
