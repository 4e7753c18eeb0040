// A real Geary without its windows.
//
// Why no table may have a document of exactly 512 or 1024 bytes: Geary 43 does not end the text with a zero byte, and reads beyond its
// end if the size is a power of two.

import { glob } from 'node:fs/promises'
import { dirname } from 'node:path'
import { startLibraryProgram } from '../library-program.ts'

export interface GearyServer {
  readonly host: string
  /** As in the document. */
  readonly port: string
  readonly security: 'tls' | 'starttls' | 'none'
}

export interface GearyAccount {
  readonly incoming: GearyServer
  readonly outgoing: GearyServer
}

export interface Geary {
  /** @returns the servers of the form for a new account; null if Geary proposes imap. and smtp. below the domain */
  readonly findAccount: (address: string) => Promise<GearyAccount | null>
  readonly stop: () => Promise<void>
}

/** @param trustedRoot path of a root certificate, PEM, that Geary trusts besides those of the system */
export async function startGeary(directory: string, trustedRoot: string): Promise<Geary> {
  const [library = 'libgeary-client is missing'] = await Array.fromAsync(glob('/usr/lib/*/geary/libgeary-client-*.so'))
  const { ask, stop } = await startLibraryProgram(directory, {
    source: new URL('geary.c', import.meta.url),
    packages: ['gio-2.0'],
    libraries: [library, `-Wl,-rpath,${dirname(library)}`],
    trustedRoot
  })
  return { findAccount: ask, stop }
}
