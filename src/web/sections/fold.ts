/**
 * Sections with tables that are folded: the guides come first.
 */
import type { SetupView } from '../pages/setup-view.ts'
import { programsFor } from './programs.ts'

/** @returns the class of a section: `fold` hides its content until a link leads to it. Without a guide, it is `open`. */
export function fold({ provider, device }: SetupView): 'fold' | 'open' {
  return device === 'other' || programsFor(provider, device).length === 0 ? 'open' : 'fold'
}
