/**
 * What is wrong with a page for people: markup that is not closed, words that were not filled, and anything that a page
 * would fetch, run or forget to say.
 */
import { hash } from 'node:crypto'

interface Page {
  readonly headers: Readonly<Record<string, string | number>>
  readonly body: string
}

export function pageFaults({ headers, body }: Page): string[] {
  const elements = elementsOf(body)
  const named = (name: string) => elements.filter(element => element.name === name)
  const ids = elements.flatMap(({ attributes: { id } }) => id ?? [])
  const policy = String(headers['content-security-policy'])
  const fetched = elements.flatMap(({ name, attributes: { src, href, srcset, style } }) => {
    const link = name === 'a' || name === 'base' ? undefined : href
    return [src, link, srcset, style].filter(value => value !== undefined && !value.startsWith('data:'))
  })
  const handlers = elements.flatMap(({ attributes }) => Object.keys(attributes).filter(name => name.startsWith('on')))
  return [
    ...nestingFaults(body),
    ...(body.startsWith('<!DOCTYPE html>\n<html lang="') ? [] : ['no document type, or no language']),
    ...(named('h1').length === 1 ? [] : ['not one h1']),
    ...(new Set(ids).size === ids.length ? [] : ['an id twice']),
    ...fetched.map(value => `fetches ${value}`),
    ...handlers.map(value => `runs ${value}`),
    ...linkFaults(elements, ids),
    ...policyFaults(body, policy),
    ...wordFaults(body),
    ...(Buffer.byteLength(body) > 40_000 ? [`${Buffer.byteLength(body)} bytes`] : []),
    ...('set-cookie' in headers || headers['referrer-policy'] !== 'no-referrer' ? ['tells who was here'] : [])
  ]
}

interface Element {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
}

const tag = /<(\/?)([a-z]\w*)((?:\s+[\w-]+(?:="[^"]*")?)*)\s*(\/?)>/gi

/** Why without style and script: what looks like a tag there is none. */
function markupOf(body: string): string {
  return body.replace(/<(style|script)>.*?<\/\1>/gs, '<$1></$1>').replace('<!DOCTYPE html>', '')
}

function elementsOf(body: string): Element[] {
  return [...markupOf(body).matchAll(tag)].flatMap(([, closing, name = '', text = '']) => {
    const attributes = [...text.matchAll(/([\w-]+)(?:="([^"]*)")?/g)].map(([, key, value = '']) => [key, value])
    return closing === '/' ? [] : [{ name: name.toLowerCase(), attributes: Object.fromEntries(attributes) }]
  })
}

const empty = ['meta', 'link', 'input', 'br', 'img', 'base']

function nestingFaults(body: string): string[] {
  const markup = markupOf(body)
  const open: string[] = []
  for (const [, closing, name = '', , self] of markup.matchAll(tag)) {
    if (closing === '/' && open.pop() !== name) return [`</${name}> closes something else`]
    if (closing === '' && self === '' && !empty.includes(name)) open.push(name)
  }
  const rest = markup.replace(tag, '')
  return [...open.map(name => `<${name}> is not closed`), ...(/[<>]/.test(rest) ? ['a < or > that is no tag'] : [])]
}

function linkFaults(elements: readonly Element[], ids: readonly string[]): string[] {
  return elements.flatMap(({ name, attributes }) => {
    const {
      href = '#main',
      for: target,
      'aria-describedby': described = '',
      'aria-labelledby': labelled = ''
    } = attributes
    const named = [target, ...described.split(' '), ...labelled.split(' ')].filter(id => id !== undefined && id !== '')
    const lost = named.filter(id => !ids.includes(String(id)))
    const isLink = /^(?:https:\/\/|mailto:|\/(?!\/)|data:)/.test(href) || ids.includes(href.slice(1))
    return [...lost.map(id => `names ${id}, which is not there`), ...(isLink ? [] : [`<${name}> leads to ${href}`])]
  })
}

function policyFaults(body: string, policy: string): string[] {
  const sources = [...body.matchAll(/<(style|script)>(.*?)<\/\1>/gs)].map(([, kind, text = '']) => {
    return `${kind}-src 'sha256-${hash('sha256', text, 'base64')}'`
  })
  return [
    ...sources.filter(source => !policy.includes(source)).map(source => `the policy lacks ${source}`),
    ...(policy.startsWith("default-src 'none'; ") && !policy.includes('unsafe') ? [] : [`the policy is ${policy}`])
  ]
}

function wordFaults(body: string): string[] {
  const text = markupOf(body)
    // Why: what a code says is JSON, and has brackets of its own.
    .replace(/<details><summary>[^<]*<\/summary><p><code[^>]*>[^<]*<\/code><\/p><\/details>/g, '')
    .replace(tag, '')
  return (text.match(/\{\w*\}|[[\]]|undefined|NaN|%EMAIL\w+%|[\ufdd0-\ufdef]/g) ?? []).map(left => `left ${left}`)
}
