/**
 * Colours of the page for people, light and dark: what a provider's own colour must be readable on.
 */
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
