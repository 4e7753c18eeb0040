/**
 * Calls of signpost in shell examples.
 */

/** A word, or a quoted text, as far as examples use them. */
const word = /'[^']*'|"[^"]*"|[^\s'"]+/g

const commandCall =
  /(?:^|[\s$/])signpost (?:-- )?((?:serve|check|render|dns|qr|doctor|import|init|export|certificates)\b.*)$/

/** @returns the arguments of each call: of `signpost`, `npx signpost`, `npm run -s signpost --`, in a container or not */
export function commandLines(text: string): string[][] {
  const lines = text.replace(/\\\n\s*/g, ' ').split('\n')
  return lines.flatMap(line => {
    const [, call] = commandCall.exec(line) ?? []
    return call === undefined ? [] : [argumentsOf(call)]
  })
}

/** @returns words up to a redirection, a pipe or a comment */
function argumentsOf(call: string): string[] {
  const words = call.match(word) ?? []
  const end = words.findIndex(each => /^(?:[<>|;&#]|&&|\d>)/.test(each))
  return words.slice(0, end === -1 ? undefined : end).map(each => each.replace(/^(['"])(.*)\1$/, '$2'))
}
