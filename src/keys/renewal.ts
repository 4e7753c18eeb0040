/**
 * Key files that are watched, with the settings that name them: certificates are renewed every few weeks, without a restart.
 */
import { hash } from 'node:crypto'
import { resolve } from 'node:path'
import { readText } from '../sources/read-file.ts'
import type { KeyFiles } from './key-pair.ts'

export interface Renewal {
  /** Reads the files again. */
  reload(): void
  /** @param changed called when a file, or the settings, have changed; the files must then be reloaded */
  watch(changed: () => void): void
  close(): void
}

export interface RenewalOptions<Files extends KeyFiles> {
  /** What relative file names are relative to. */
  readonly folder: string
  /** As the settings name them now. */
  readonly filesOf: () => readonly Files[]
  readonly read: (files: readonly Files[]) => void
}

/** How often the files are looked at. Why looked at: see file.ts. */
const lookMs = 1000

/** Reads the files once, too. */
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
        // Why seen twice: certificate and key are written one after the other.
        const rests = state === seen
        seen = state
        if (rests && state !== known) changed()
      }, lookMs).unref()
    },
    close: () => clearInterval(timer)
  }
}

/** @returns a text that differs once the settings or the files do */
function stateOf(files: readonly KeyFiles[], folder: string): string {
  const texts = files.flatMap(({ certificate, key }) => [certificate, key].map(name => readText(resolve(folder, name))))
  return hash('sha256', JSON.stringify([files, texts]))
}
