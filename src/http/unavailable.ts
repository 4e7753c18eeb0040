/**
 * The answer while it cannot be known who serves a domain.
 */
import type { Document } from '../dialects/document.ts'
import { errors, SignpostError } from '../errors.ts'
import { refusal } from './refusal.ts'

const comeAgain = refusal(errors.unavailable(), { 'retry-after': '5' })

/** @param error of `Source.find`. @throws every other error as it is */
export function unavailable(error: unknown): Document {
  if (error instanceof SignpostError && error.code === 'AC_UNAVAILABLE') return comeAgain
  throw error
}
