/**
 * All regular expressions of src: literals, those created by `new RegExp`, and the patterns of the schema.
 */
import { readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { Worker } from 'node:worker_threads'
import { type Token, tokenizer } from 'acorn'
import schema from '../../config/signpost.schema.json' with { type: 'json' }
import { sourceFiles } from './source-imports.ts'

export interface SourceExpression {
  /** `probes/protocols/imap.ts:18` */
  readonly place: string
  readonly source: string
  readonly flags: string
}

interface SourceTokens {
  readonly file: string
  readonly tokens: readonly Token[]
}

const src = new URL('../../src/', import.meta.url)

// Why stripped and then parsed by acorn: only a tokenizer of the language can distinguish a division from a regular expression.
const sources: readonly SourceTokens[] = sourceFiles.map(file => {
  const code = stripTypeScriptTypes(readFileSync(new URL(file, src), 'utf8'))
  return { file, tokens: [...tokenizer(code, { ecmaVersion: 'latest', sourceType: 'module', locations: true })] }
})

const lineOf = ({ loc }: Token) => loc?.start.line ?? 0

export const literals: readonly SourceExpression[] = sources.flatMap(({ file, tokens }) =>
  tokens
    .filter(({ type }) => type.label === 'regexp')
    .map(token => {
      const { pattern, flags } = Reflect.get(token, 'value') as { readonly pattern: string; readonly flags: string }
      return { place: `${file}:${lineOf(token)}`, source: pattern, flags }
    })
)

/** Positions of calls of `RegExp`. */
export const constructions: readonly string[] = sources.flatMap(({ file, tokens }) =>
  tokens
    .filter((token, at) => Reflect.get(token, 'value') === 'RegExp' && tokens[at + 1]?.type.label === '(')
    .map(token => `${file}:${lineOf(token)}`)
)

/** Positions where a text is passed to a method that turns it into a pattern. */
export const textsAsPatterns: readonly string[] = sources.flatMap(({ file, tokens }) =>
  tokens
    .filter((token, at) => {
      const isMethod = ['match', 'matchAll', 'search'].includes(String(Reflect.get(token, 'value')))
      const argument = tokens[at + 2]?.type.label ?? ''
      return isMethod && tokens[at - 1]?.type.label === '.' && ['string', '`'].includes(argument)
    })
    .map(token => `${file}:${lineOf(token)}`)
)

/** @returns the results of `new RegExp` at each position, for typical arguments */
export async function builtExpressions(): Promise<SourceExpression[]> {
  const files = [...new Set(constructions.map(place => place.replace(/:\d+$/, '')))]
  const worker = new Worker(new URL('built-expressions.ts', import.meta.url), { workerData: files })
  const { promise, resolve, reject } = Promise.withResolvers<SourceExpression[]>()
  worker.once('message', resolve)
  worker.once('error', reject)
  return await promise.finally(() => worker.terminate())
}

export const schemaPatterns: readonly SourceExpression[] = patternsIn(schema)

function patternsIn(value: unknown): SourceExpression[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inside]) => {
    const sources = key === 'pattern' ? [String(inside)] : key === 'patternProperties' ? Object.keys(inside) : []
    return [...sources.map(source => ({ place: 'signpost.schema.json', source, flags: 'u' })), ...patternsIn(inside)]
  })
}
