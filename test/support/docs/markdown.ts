/**
 * Markdown as the generated pages write it.
 */

/** @returns a table; cells are Markdown, in which `|` and line breaks are escaped */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [headings, headings.map(() => '---'), ...rows].map(cells => `| ${cells.map(cell).join(' | ')} |`)
  return `${lines.join('\n')}\n`
}

/** @returns inline code; empty for an empty text */
export function code(text: string): string {
  return text === '' ? '' : `\`${text}\``
}

function cell(text: string): string {
  return text.replace(/\|/g, '\\|').replace(/\s*\n\s*/g, ' ')
}
