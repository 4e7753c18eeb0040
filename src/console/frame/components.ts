/**
 * The parts that pages of the console are made of.
 */
import { type Html, type HtmlPart, html } from '../../formats/html.ts'

/** What a mark says at a glance, besides its text. */
export type Tone = 'good' | 'bad' | 'doubtful' | 'plain'

export function mark(tone: Tone, text: string): Html {
  return html`<span class="tag ${tone}">${text}</span>`
}

export interface Column {
  readonly title: string
  /** Such as `w2`; the style has the widths. */
  readonly width?: 'narrow' | 'wide'
}

/**
 * A table whose rows become cards on narrow screens. The first cell of each row is its heading.
 * @returns nothing for a table without rows
 */
export function table(columns: readonly (string | Column)[], rows: readonly (readonly HtmlPart[])[]): Html | undefined {
  if (rows.length === 0) return undefined
  const heads = columns.map(column => (typeof column === 'string' ? { title: column } : column))
  const headCells = heads.map(
    ({ title, width }) => html`<th scope="col"${width && html` class="${width}"`}>${title}</th>`
  )
  const body = rows.map(
    ([first, ...others]) => html`<tr><th scope="row">${first}</th>${others.map(
      (cell, index) => html`<td data-label="${heads[index + 1]?.title}">${cell}</td>`
    )}</tr>
`
  )
  return html`<table><thead><tr>${headCells}</tr></thead><tbody>
${body}</tbody></table>`
}

export interface Section {
  readonly id: string
  readonly title: string
}

export function card({ id, title }: Section, ...content: readonly HtmlPart[]): Html {
  return html`<section class="card" id="${id}"><h2>${title}</h2>
${content}</section>
`
}

/** @returns the part if the condition holds */
export function when(condition: boolean, part: () => HtmlPart): HtmlPart {
  return condition ? part() : undefined
}

/** A value to be copied: with JavaScript, a button stands beside it. */
export function copyable(text: string): Html {
  return html`<code class="copyable">${text}</code>`
}

export function paragraphs(...texts: readonly HtmlPart[]): Html {
  return html`${texts.map(text => html`<p>${text}</p>`)}`
}

/** @returns `1 domain`, `2 domains` */
export function counted(count: number, word: string): string {
  return `${count.toLocaleString('en')} ${word}${count === 1 ? '' : 's'}`
}

/** @param time milliseconds since 1970. @returns a time element such as `2026-11-30 15:04 UTC` */
export function timeOf(time: number): Html {
  const text = new Date(time).toISOString()
  return html`<time datetime="${text}">${text.slice(0, 16).replace('T', ' ')} UTC</time>`
}

const dayMs = 24 * 60 * 60 * 1000

/** @returns the mark of a certificate: `expired`, or the days that are left */
export function daysLeft(notAfter: number, now: number): Html {
  const days = Math.floor((notAfter - now) / dayMs)
  if (notAfter < now) return mark('bad', 'expired')
  return mark(days < 14 ? 'doubtful' : 'good', counted(days, 'day'))
}
