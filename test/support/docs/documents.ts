/**
 * The Markdown documents of the repository, and their parts.
 */
import { readdirSync, readFileSync } from 'node:fs'

export interface Document {
  /** Relative to the root of the repository. */
  readonly path: string
  readonly text: string
}

export interface CodeBlock {
  readonly path: string
  /** Number of the line below the fence, from 1. */
  readonly line: number
  /** All words after the fence: `yaml`, `yaml compose`, `sh`. */
  readonly language: string
  readonly text: string
}

export const root = new URL('../../../', import.meta.url)

/** @returns README.md, SECURITY.md, … and all pages below docs/, sorted by path */
export function documents(): Document[] {
  const pages = readdirSync(new URL('docs/', root), { encoding: 'utf8', recursive: true }).map(name => `docs/${name}`)
  return [...readdirSync(root), ...pages]
    .filter(path => path.endsWith('.md'))
    .sort()
    .map(path => ({ path, text: readFileSync(new URL(path, root), 'utf8') }))
}

/** @returns fenced code blocks; a fence inside a list may be indented, and its text is then outdented */
export function codeBlocks({ path, text }: Document): CodeBlock[] {
  const blocks = text.matchAll(/^([ \t]*)```([^\n`]+)\n([\s\S]*?)^\1```$/gm)
  return Array.from(blocks, ({ 1: indent = '', 2: language = '', 3: body = '', index }) => ({
    path,
    line: text.slice(0, index).split('\n').length + 1,
    language: language.trim(),
    text: body.replace(new RegExp(`^${indent}`, 'gm'), '')
  }))
}

/** @returns the text with code blocks and inline code replaced by spaces, so that lines keep their numbers */
export function withoutCode(text: string): string {
  const blank = (code: string) => code.replace(/[^\n]/g, ' ')
  return text.replace(/^[ \t]*```[\s\S]*?^[ \t]*```$/gm, blank).replace(/`[^`\n]+`/g, blank)
}
