/**
 * Colours and logo of a provider on the setup page, with all defaults, and how readable colours are.
 */
import type { BrandSettings } from './schema.ts'

export interface Brand {
  /** The image as a data: URL. */
  readonly logo: string | undefined
  /** Links and buttons in light mode, as `#rrggbb`. */
  readonly accent: string
  /** Links and buttons in dark mode, as `#rrggbb`. */
  readonly accentDark: string
  /** https: or mailto: URL where people get help. */
  readonly support: string | undefined
}

export interface PageColors {
  readonly page: string
  readonly card: string
  /** Links and buttons of providers without an accent colour. */
  readonly accent: string
}

/** Colours of the setup page. The accent colours of providers must be readable on `page` and `card`. */
export const pageColors = {
  light: { page: '#f4f6f8', card: '#ffffff', accent: '#0b5c94' },
  dark: { page: '#14181d', card: '#1d232a', accent: '#84bdf0' }
} as const satisfies Record<string, PageColors>

/** Spec: WCAG 2.2 1.4.3 requires this contrast for text of normal size. */
export const minimumContrast = 4.5

/** @param logo the image as a data: URL, if it could be read */
export function toBrand({ accent, accentDark, support }: BrandSettings, logo: string | undefined): Brand {
  return {
    logo,
    accent: accent ?? pageColors.light.accent,
    accentDark: accentDark ?? (accent === undefined ? pageColors.dark.accent : lightened(accent)),
    support
  }
}

/** @returns the lower one of the contrasts of a colour with the two backgrounds of the page */
export function contrastOnPage(
  color: string,
  { page, card }: { readonly page: string; readonly card: string }
): number {
  return Math.min(contrast(color, page), contrast(color, card))
}

/**
 * Contrast ratio of two colours.
 *
 * Spec: WCAG 2.2 defines "contrast ratio" and "relative luminance".
 * @param one,other as `#rrggbb`
 * @returns from 1 (identical) to 21 (black and white)
 */
export function contrast(one: string, other: string): number {
  const luminances = [luminance(one), luminance(other)]
  return (Math.max(...luminances) + 0.05) / (Math.min(...luminances) + 0.05)
}

function luminance(color: string): number {
  return 0.2126 * linear(color.slice(1, 3)) + 0.7152 * linear(color.slice(3, 5)) + 0.0722 * linear(color.slice(5))
}

/** @param digits two hexadecimal digits */
function linear(digits: string): number {
  const channel = Number.parseInt(digits, 16) / 255
  return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4
}

/** Mixes a colour with just enough white to be readable in dark mode, so that providers need to choose only one colour. */
function lightened(color: string): string {
  let white = 0
  while (contrastOnPage(mixed(color, white), pageColors.dark) < minimumContrast) white += 0.05
  return mixed(color, white)
}

function mixed(color: string, white: number): string {
  const channels = [1, 3, 5].map(at => Number.parseInt(color.slice(at, at + 2), 16))
  const lighter = channels.map(channel => Math.round(channel + (255 - channel) * white))
  return `#${lighter.map(channel => channel.toString(16).padStart(2, '0')).join('')}`
}
