/**
 * The rules of a style sheet that a page uses. Selectors Level 4, as far as our style sheet needs it.
 *
 * Why: nearly half of the time for a page is spent on writing its bytes, and the style was three quarters of the start page.
 */

/** The rules of a style sheet; those of a conditional group, such as `@media`, are below it. */
export type StyleSheet = readonly (Rule | Group)[]

interface Rule {
  readonly selectors: readonly Selector[]
  /** With braces. */
  readonly declarations: string
}

interface Group {
  readonly condition: string
  readonly rules: StyleSheet
}

interface Selector {
  readonly text: string
  /** Elements, `.classes`, `#ids` and `[attributes` or `[attributes=values`. A page must have at least one of each list. */
  readonly names: readonly (readonly string[])[]
}

/** @param css without comments, `|`, braces in strings, and selectors with parentheses inside of `:is()` */
export function parseStyle(css: string): StyleSheet {
  const rules: (Rule | Group)[] = []
  for (let at = 0; at < css.length; ) {
    const start = css.indexOf('{', at)
    const end = closingBrace(css, start)
    const prelude = css.slice(at, start)
    const isGroup = prelude.startsWith('@media') || prelude.startsWith('@supports')
    rules.push(
      isGroup
        ? { condition: prelude, rules: parseStyle(css.slice(start + 1, end)) }
        : { selectors: selectorsOf(prelude), declarations: css.slice(start, end + 1) }
    )
    at = end + 1
  }
  return rules
}

/**
 * @param markup with everything that scripts add
 * @returns the rules that match an element of the markup in some state, and possibly a few more
 */
export function usedStyle(sheet: StyleSheet, markup: string): string {
  return textOf(sheet, namesIn(markup))
}

function textOf(sheet: StyleSheet, present: ReadonlySet<string>): string {
  return sheet
    .map(rule => {
      if ('rules' in rule) {
        const inside = textOf(rule.rules, present)
        return inside === '' ? '' : `${rule.condition}{${inside}}`
      }
      const used = rule.selectors.filter(({ names }) => names.every(list => list.some(name => present.has(name))))
      return used.length === 0 ? '' : used.map(({ text }) => text).join() + rule.declarations
    })
    .join('')
}

function closingBrace(css: string, start: number): number {
  let depth = 0
  for (let at = start; at < css.length; at++) {
    if (css[at] === '{') depth++
    if (css[at] === '}' && --depth === 0) return at
  }
  throw new Error('a brace of the style sheet is not closed')
}

function selectorsOf(prelude: string): Selector[] {
  if (prelude.startsWith('@')) return [{ text: prelude, names: [] }]
  return prelude
    .replaceAll(/\([^()]*\)/g, list => list.replaceAll(',', '|'))
    .split(',')
    .map(selector => ({ text: selector.replaceAll('|', ','), names: namesOf(selector) }))
}

const part = /:is\(([^()]*)\)|::?[\w-]+(?:\([\w+]*\))?|\[([^[\]]*)\]|[.#]?[a-z][\w-]*/gi

/**
 * Why no pseudo-classes: they are states, which a page may have later. The attribute `open` is one, too.
 *
 * @param selector with `|` between the selectors of a list in parentheses
 */
function namesOf(selector: string): string[][] {
  const positive = selector.replaceAll(/:not\((?:[^()]|\([^()]*\))*\)/g, '')
  return [...positive.matchAll(part)].flatMap(([name, list, attribute]) => {
    if (list !== undefined) return [list.split('|').flatMap(each => namesOf(each).flat())]
    if (name.startsWith(':') || attribute === 'open') return []
    return attribute === undefined ? [[name]] : [attribute.split('$=', 1).map(start => `[${start}`)]
  })
}

function namesIn(markup: string): Set<string> {
  const names = new Set<string>()
  for (const [tag] of markup.matchAll(/<[a-z][^>]*/g)) {
    const [element, ...attributes] = tag.matchAll(/([\w-]+)(?:="([^"]*)")?/g)
    names.add(String(element?.[1]))
    for (const [, name, value = ''] of attributes) {
      names.add(`[${name}`)
      names.add(`[${name}=${value}`)
      if (name === 'class') for (const each of value.split(' ')) names.add(`.${each}`)
      if (name === 'id') names.add(`#${value}`)
    }
  }
  return names
}
