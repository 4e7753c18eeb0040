// The real vdirsyncer: its discovery, and itself.

import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { DavService } from '../../../../src/clients/dav/dav-client.ts'

/** What a person enters. */
export interface DavLogin {
  readonly url: string
  readonly username: string
  readonly password: string
}

export interface Vdirsyncer {
  /** @returns the URLs of the calendars or address books */
  readonly discover: (service: DavService, login: DavLogin) => Promise<string[]>
  readonly stop: () => void
}

/** @param root path of the certificate of the only authority that it trusts, PEM */
export async function openVdirsyncer(root: string): Promise<Vdirsyncer> {
  // Why the path: another Python may come first, which does not know Debian's packages.
  const python = spawn('/usr/bin/python3', ['test/real/models/vdirsyncer/discover.py'], {
    stdio: ['pipe', 'pipe', 'ignore']
  })
  const lines = createInterface(python.stdout)[Symbol.asyncIterator]()
  return {
    async discover(service, login) {
      python.stdin.write(`${JSON.stringify({ service, verify: root, ...login })}\n`)
      const { value, done } = await lines.next()
      if (done === true) throw new Error('Python has ended')
      return JSON.parse(value)
    },
    stop: () => python.stdin.end()
  }
}
