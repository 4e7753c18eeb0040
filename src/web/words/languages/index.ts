/**
 * All languages of the setup page, in the order of the menu. Add new ones here.
 */
import type { Messages } from '../messages.ts'
import { ar } from './ar.ts'
import { de } from './de.ts'
import { en } from './en.ts'
import { es } from './es.ts'
import { fr } from './fr.ts'
import { it } from './it.ts'
import { ja } from './ja.ts'
import { nl } from './nl.ts'
import { pl } from './pl.ts'
import { pt } from './pt.ts'

export const languages: readonly Messages[] = [en, de, fr, es, it, nl, pt, pl, ja, ar]

/** Used if no other language is requested. */
export const fallback: Messages = en
