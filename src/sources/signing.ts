/**
 * The key that profiles are signed with, read again when its files or the settings change: certificates are renewed every
 * few weeks, and nobody restarts a server for that.
 */
import { hash } from 'node:crypto'
import { dirname, resolve } from 'node:path'
import type { Finding } from '../settings/finding.ts'
import { readText } from './read-text.ts'
import { readSigningKey, type SigningKey, type SigningSettings } from './signing-key.ts'

export interface Signing {
  /** @returns the newest good key whose certificates are valid at the time */
  keyAt(now: number): SigningKey | undefined
  /** What the last reading found. */
  readonly findings: readonly Finding[]
  /** Reads the files again. */
  reload(): void
  /** @param reloaded called after a file, or the settings, have changed and been read again */
  watch(reloaded: () => void): void
  close(): void
}

/** How often the files are looked at. Why looked at: see file.ts. */
const lookMs = 1000

/**
 * @param file of the settings: names in it are relative to its folder
 * @param settingsOf the settings as they are now
 */
export function openSigning(file: string, settingsOf: () => SigningSettings | undefined): Signing {
  const folder = dirname(file)
  let held: readonly SigningKey[] = []
  let findings: readonly Finding[] = []
  let read = ''
  let timer: NodeJS.Timeout | undefined

  function reload(): void {
    const settings = settingsOf()
    read = stateOf(settings, folder)
    if (settings === undefined) {
      held = []
      findings = []
      return
    }
    const now = Date.now()
    const { signingKey, findings: told } = readSigningKey(settings, folder, now)
    findings = told
    const good = held.filter(key => isValid(key, now))
    // Why two: one that is not valid yet becomes so without a change of its file, and the other serves until then.
    held = signingKey === undefined ? good : [signingKey, ...good].slice(0, 2)
  }

  reload()
  return {
    keyAt: now => held.find(key => isValid(key, now)),
    get findings() {
      return findings
    },
    reload,
    watch(reloaded) {
      let seen = read
      timer = setInterval(() => {
        const state = stateOf(settingsOf(), folder)
        // Why seen twice: certificate and key are written one after the other.
        const rests = state === seen
        seen = state
        if (!rests || state === read) return
        reload()
        reloaded()
      }, lookMs).unref()
    },
    close: () => clearInterval(timer)
  }
}

function isValid({ notBefore, notAfter }: SigningKey, now: number): boolean {
  return notBefore <= now && now <= notAfter
}

/** @returns a text that differs once the settings or the files do */
function stateOf(settings: SigningSettings | undefined, folder: string): string {
  const names = settings === undefined ? [] : [settings.certificate, settings.key]
  const files = names.map(name => readText(resolve(folder, name)))
  return hash('sha256', JSON.stringify([settings, files]))
}
