/**
 * One way in for strangers: how inputs are made, and what must hold for whatever comes of them.
 */
import type { Random } from './random.ts'

/** Texts by name; bytes are latin1. */
export type Input = Readonly<Record<string, string>>

export interface FuzzCase {
  readonly name: string
  /** For people. */
  readonly title: string
  readonly make: (random: Random) => Input
  /** @returns what is wrong, or undefined. What it throws is wrong too */
  readonly judge: (input: Input) => string | undefined | Promise<string | undefined>
  /** @returns the same input with less demanded of its answer, so that it can be cut without becoming wrong by that */
  readonly relax?: (input: Input) => Input
  /** How many inputs are judged at once; default 1. */
  readonly lanes?: number
  /** Called once, after the last input. */
  readonly finish?: () => Promise<Finished>
  readonly close?: () => Promise<void>
}

export interface Finished {
  /** For people. */
  readonly figures: string
  /** What is wrong after all inputs together. */
  readonly problem?: string
}
