/**
 * Key files that are watched, with the settings that name them, and the last good pairs: certificates are renewed every few
 * weeks, without a restart.
 */
import { hash } from 'node:crypto'
import { resolve } from 'node:path'
import { readText } from '../sources/read-file.ts'
import type { KeyFiles, KeyPair } from './key-pair.ts'

export interface Renewal {
  /** Reads the files again. */
  reload(): void
  /** @param changed called when a file, or the settings, have changed; the files must then be reloaded */
  watch(changed: () => void): void
  close(): void
}

export interface RenewalOptions<Files extends KeyFiles> {
  /** The folder for relative file names. */
  readonly folder: string
  /** @returns the files that the current settings name */
  readonly filesOf: () => readonly Files[]
  readonly read: (files: readonly Files[]) => void
}

/** How often the files are checked. Why they are not watched: see sources/file.ts. */
const checkMs = 1000

/** Reads the files once at the start. */
export function createRenewal<Files extends KeyFiles>({ folder, filesOf, read }: RenewalOptions<Files>): Renewal {
  let known = ''
  let timer: NodeJS.Timeout | undefined

  function reload(): void {
    const files = filesOf()
    known = stateOf(files, folder)
    read(files)
  }

  reload()
  return {
    reload,
    watch(changed) {
      let seen = known
      timer = setInterval(() => {
        const state = stateOf(filesOf(), folder)
        // Why the state must be the same twice: certificate and key are written one after the other.
        const rests = state === seen
        seen = state
        if (rests && state !== known) changed()
      }, checkMs).unref()
    },
    close: () => clearInterval(timer)
  }
}

/** @returns a text that changes with the settings or the contents of the files */
function stateOf(files: readonly KeyFiles[], folder: string): string {
  const texts = files.flatMap(({ certificate, key }) => [certificate, key].map(name => readText(resolve(folder, name))))
  return hash('sha256', JSON.stringify([files, texts]))
}

/** The last good pairs, newest first. What is read may be broken, or not valid yet. */
export type KeyRing<Pair extends KeyPair = KeyPair> = readonly Pair[]

/**
 * @param pair the pair that was just read; undefined if it could not be read
 * @param now milliseconds since 1970
 */
export function renew<Pair extends KeyPair>(ring: KeyRing<Pair>, pair: Pair | undefined, now: number): KeyRing<Pair> {
  const good = ring.filter(each => isValid(each, now))
  // Why two: a pair that is not valid yet becomes valid without a change of its file, and the other one is used until then.
  return pair === undefined ? good : [pair, ...good].slice(0, 2)
}

/** @returns the newest pair whose certificates are valid at the time */
export function pairAt<Pair extends KeyPair>(ring: KeyRing<Pair>, now: number): Pair | undefined {
  return ring.find(pair => isValid(pair, now))
}

function isValid({ notBefore, notAfter }: KeyPair, now: number): boolean {
  return notBefore <= now && now <= notAfter
}
