/**
 * Terminal output as an SVG picture, with the colours that the program chose.
 */

export interface PictureOptions {
  /** The typed command. */
  readonly command: string
  /** Columns; longer lines end with …. */
  readonly columns: number
  /** Description for people who cannot see the picture. */
  readonly title: string
}

/** Spec: ECMA-48 8.3.117, SGR. */
const styles: Readonly<Record<string, string>> = {
  1: 'font-weight="bold" fill="#ffffff"',
  2: 'fill="#8b98a5"',
  31: 'fill="#ff7b72"',
  32: 'fill="#56d364"',
  33: 'fill="#e3b341"'
}

const size = { character: 7.8, line: 18, margin: 16 }

/** @param output text with SGR codes. @returns an SVG document */
export function terminalPicture(output: string, { command, columns, title }: PictureOptions): string {
  const lines = [`$ ${command}`, ...output.trimEnd().split('\n')]
  const width = Math.ceil(columns * size.character + 2 * size.margin)
  const height = lines.length * size.line + 2 * size.margin
  const rows = lines.map((line, index) => {
    const y = size.margin + (index + 0.75) * size.line
    return `<text x="${size.margin}" y="${y}" xml:space="preserve">${spansOf(line, columns)}</text>`
  })
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${width}" height="${height}" rx="8" fill="#161b22"/>`,
    '<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace" font-size="13" fill="#d0d7de">',
    ...rows,
    '</g>',
    '</svg>',
    ''
  ].join('\n')
}

function spansOf(line: string, columns: number): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the codes for colours
  const pieces = line.matchAll(/(?:\u001b\[(\d+)m)?([^\u001b]*)/g)
  let left = columns
  return Array.from(pieces, ([, code = '0', text = '']) => {
    const shown = text.length > left ? `${text.slice(0, Math.max(left - 1, 0))}${left > 0 ? '…' : ''}` : text
    left -= text.length
    const style = styles[code]
    return style === undefined ? escaped(shown) : `<tspan ${style}>${escaped(shown)}</tspan>`
  }).join('')
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
