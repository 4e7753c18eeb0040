/**
 * One interface for untrusted input: how inputs are generated, and how results are checked.
 */
import type { Random } from './random.ts'

/** Texts by name; bytes are latin1. */
export type Input = Readonly<Record<string, string>>

export interface FuzzCase {
  readonly name: string
  /** Shown to people. */
  readonly title: string
  readonly make: (random: Random) => Input
  /** @returns the problem, or undefined. An exception is a problem, too */
  readonly judge: (input: Input) => string | undefined | Promise<string | undefined>
  /** @returns the same input with fewer expectations, so that reducing it does not cause other problems */
  readonly relax?: (input: Input) => Input
  /** How many inputs are checked at the same time. Default: 1. */
  readonly lanes?: number
  /** Called once, after the last input. */
  readonly finish?: () => Promise<Finished>
  readonly close?: () => Promise<void>
}

export interface Finished {
  /** Shown to people. */
  readonly figures: string
  /** Problems after all inputs. */
  readonly problem?: string
}
