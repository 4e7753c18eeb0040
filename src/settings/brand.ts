/**
 * How the page for people looks for one provider, with every default filled in.
 */
import type { BrandSettings } from './schema.ts'

export interface Brand {
  /** The picture itself, as a data: URL. */
  readonly logo: string | undefined
  /** Links and buttons on light, as `#rrggbb`. */
  readonly accent: string
  /** The same on dark. */
  readonly accentDark: string
  /** https: or mailto:, where people get help. */
  readonly support: string | undefined
}

/** Spec: WCAG 2.2 1.4.3, text of the usual size. */
export const leastContrast = 4.5

/** @param logo the picture as a data: URL, where it could be read */
export function toBrand({ accent, accentDark, support }: BrandSettings, logo: string | undefined): Brand {
  return {
    logo,
    accent: accent ?? pageColors.light.accent,
    accentDark: accentDark ?? (accent === undefined ? pageColors.dark.accent : lightened(accent)),
    support
  }
}

/** @returns the least contrast of a colour with what the page puts behind it */
export function contrastOnPage(
  color: string,
  { page, card }: { readonly page: string; readonly card: string }
): number {
  return Math.min(contrast(color, page), contrast(color, card))
}

/** Why: one colour is enough to ask for; mixed with as little white as makes it readable on dark, it is still the same. */
function lightened(color: string): string {
  let white = 0
  while (contrastOnPage(mixed(color, white), pageColors.dark) < leastContrast) white += 0.05
  return mixed(color, white)
}

function mixed(color: string, white: number): string {
  const channels = [1, 3, 5].map(at => Number.parseInt(color.slice(at, at + 2), 16))
  const lighter = channels.map(channel => Math.round(channel + (255 - channel) * white))
  return `#${lighter.map(channel => channel.toString(16).padStart(2, '0')).join('')}`
}

//@@ src/settings/contrast.ts
//@@ /**
//@@  * How well one colour is read on another: WCAG 2.2, "contrast ratio" and "relative luminance".
//@@  */
/**
 * @param one,other as `#rrggbb`
 * @returns from 1 (the same) to 21 (black and white)
 */
export function contrast(one: string, other: string): number {
  const luminances = [luminance(one), luminance(other)]
  return (Math.max(...luminances) + 0.05) / (Math.min(...luminances) + 0.05)
}

function luminance(color: string): number {
  return 0.2126 * linear(color.slice(1, 3)) + 0.7152 * linear(color.slice(3, 5)) + 0.0722 * linear(color.slice(5))
}

/** @param digits two of base 16 */
function linear(digits: string): number {
  const channel = Number.parseInt(digits, 16) / 255
  return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4
}

//@@ src/settings/page-colors.ts
//@@ /**
//@@  * Colours of the page for people, light and dark: what a provider's own colour must be readable on.
//@@  */
export interface PageColors {
  readonly page: string
  readonly card: string
  /** Links and buttons, where a provider has none of its own. */
  readonly accent: string
}

export const pageColors = {
  light: { page: '#f4f6f8', card: '#ffffff', accent: '#0b5c94' },
  dark: { page: '#14181d', card: '#1d232a', accent: '#84bdf0' }
} as const satisfies Record<string, PageColors>
