/**
 * A URL of the table, beyond what a pattern can see.
 */
import { expected, type Fault, type Path } from '../load/fault.ts'

export function checkUrl(url: string, path: Path): Fault[] {
  return URL.canParse(url) ? [] : [expected(path, url, 'a URL that a browser can open, such as https://example.com/')]
}
