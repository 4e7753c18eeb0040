/**
 * Object and array literals in src, read from its syntax, for pages that list what the code contains.
 */
import { readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { type Node, parse } from 'acorn'
import { sourceFiles } from '../source-imports.ts'

/** Texts by key, as `textOf` reads them; the keys of an array are its indexes. */
export interface SourceObject {
  readonly isArray: boolean
  readonly values: ReadonlyMap<string, string>
}

const src = new URL('../../../src/', import.meta.url)

/** @param folder below src. @returns every object and array literal in its files, in order */
export function sourceObjects(folder: string): SourceObject[] {
  return sourceFiles
    .filter(file => file.startsWith(`${folder}/`))
    .flatMap(file => {
      const text = stripTypeScriptTypes(readFileSync(new URL(file, src), 'utf8'))
      const objects: SourceObject[] = []
      visit(parse(text, { ecmaVersion: 'latest', sourceType: 'module' }), node => {
        const values = valuesOf(node, text)
        if (values !== undefined) objects.push({ isArray: node.type === 'ArrayExpression', values: new Map(values) })
      })
      return objects
    })
}

type SyntaxNode = Node & Readonly<Record<string, unknown>>

function visit(node: unknown, see: (node: SyntaxNode) => void): void {
  if (Array.isArray(node)) {
    for (const each of node) visit(each, see)
  } else if (isNode(node)) {
    see(node)
    for (const value of Object.values(node)) visit(value, see)
  }
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value
}

function valuesOf(node: SyntaxNode, text: string): [string, string][] | undefined {
  if (node.type === 'ArrayExpression') {
    return (node.elements as unknown[]).map((element, index) => [String(index), textOf(element, text)])
  }
  if (node.type !== 'ObjectExpression') return undefined
  return (node.properties as SyntaxNode[])
    .filter(({ type }) => type === 'Property')
    .map(property => [textOf(property.key, text), textOf(property.value, text)])
}

/** @returns a string literal as its text, a template with … for its expressions, a condition as both of its texts */
function textOf(node: unknown, text: string): string {
  if (!isNode(node)) return ''
  if (node.type === 'Literal') return String(node.value)
  if (node.type === 'Identifier') return String(node.name)
  if (node.type === 'TemplateLiteral') {
    const quasis = node.quasis as readonly { readonly value: { readonly cooked: string } }[]
    return quasis.map(({ value }) => value.cooked).join('…')
  }
  if (node.type === 'ConditionalExpression') {
    return [node.consequent, node.alternate].map(each => textOf(each, text)).join(' | ')
  }
  return text.slice(node.start, node.end)
}
