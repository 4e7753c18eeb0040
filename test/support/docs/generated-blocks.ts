/**
 * The generated blocks of a page, between `<!-- generated: NAME -->` and `<!-- end -->`.
 */

const block = /(<!-- generated: ([^\n]+?) -->\n)([\s\S]*?)(<!-- end -->)/g

/** @returns the names of the blocks of a page, in order */
export function blockNames(page: string): string[] {
  return Array.from(page.matchAll(block), ([, , name = '']) => name)
}

/** @returns the page with current blocks. @throws for a block without a text of its name */
export function fillBlocks(page: string, texts: ReadonlyMap<string, string>): string {
  return page.replace(block, (_, start: string, name: string, _old: string, end: string) => {
    const text = texts.get(name)
    if (text === undefined) throw new Error(`no generator for the block "${name}"`)
    return `${start}\n${text}\n${end}`
  })
}
