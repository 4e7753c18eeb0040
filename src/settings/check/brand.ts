/**
 * What the schema cannot say of `brand`: whether its colours can be read.
 */
import { contrastOnPage, leastContrast } from '../brand.ts'
import { error, type Fault, found, type Path } from '../load/fault.ts'
import { pageColors } from '../page-colors.ts'
import type { BrandSettings } from '../schema.ts'
import { checkUrl } from './url.ts'

export function checkBrand({ accent, accentDark, support }: BrandSettings, path: Path): Fault[] {
  return [
    ...(accent === undefined ? [] : checkContrast(accent, [...path, 'accent'], 'light')),
    ...(accentDark === undefined ? [] : checkContrast(accentDark, [...path, 'accentDark'], 'dark')),
    ...(support === undefined ? [] : checkUrl(support, [...path, 'support']))
  ]
}

/** Spec: WCAG 2.2 1.4.3: text is read at a contrast of 4.5 to 1, against each background that it may stand on. */
function checkContrast(color: string, path: Path, mode: keyof typeof pageColors): Fault[] {
  const background = pageColors[mode]
  const ratio = contrastOnPage(color, background)
  if (ratio >= leastContrast) return []
  // Why down: 4.499 must not be told as 4.5.
  const told = Math.floor(ratio * 100) / 100
  const allowed = `expected at least ${leastContrast}:1 on ${background.page} and ${background.card}`
  const advice = mode === 'light' ? 'a darker colour' : 'a lighter colour'
  return [error(path, `found ${found(color)} with a contrast of ${told}:1, ${allowed}: ${advice}`)]
}
