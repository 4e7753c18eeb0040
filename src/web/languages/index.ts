/**
 * Every language of the page, in the order of its menu. A new one adds its line here.
 */
import type { Messages } from '../messages.ts'
import { en } from './en.ts'

export const languages: readonly Messages[] = [en]

/** Where nothing else was asked for. */
export const fallback: Messages = en
