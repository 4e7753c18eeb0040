/**
 * The commented example with every field at the end of config/signpost.yaml.
 */
import { readFileSync } from 'node:fs'

export const shippedFile = 'config/signpost.yaml'
export const shippedText = readFileSync(new URL(`../../../${shippedFile}`, import.meta.url), 'utf8')

/** The line above the example. */
const marker = /^# Every field, with an example\..*$/m

export function commentedExample(): string {
  const [, commented] = shippedText.split(marker)
  if (commented === undefined) throw new Error(`no example in ${shippedFile}`)
  return commented.replace(/^# ?/gm, '')
}
