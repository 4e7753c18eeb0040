// The setup pages as people see them: a real `signpost serve` with its own TLS, and a real Chromium.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseDocument } from 'yaml'
import { createAuthority } from './certificate-authority.ts'
import { type Chromium, startChromium } from './chromium.ts'
import { startSignpost } from './signpost.ts'

export interface SetupPages {
  open: Chromium['open']
  /** Folder for files of the test, which is removed at the end. */
  directory: string
  stop(): Promise<void>
}

/** Origins of the same server: the provider of the shipped settings, that of settings/page.yaml, and a host without a provider. */
export const origins = {
  seed: 'https://autoconfig.mailbox.org',
  everything: 'https://autoconfig.everything.test',
  neutral: 'https://setup.test'
}

const TLS = { host: '127.0.0.1', port: 8443 }

export async function startSetupPages(): Promise<SetupPages> {
  const directory = await mkdtemp(join(tmpdir(), 'signpost-pages-'))
  const settings = join(directory, 'settings.yaml')
  const authority = await createAuthority(join(directory, 'authority'))
  const { chain, key } = await authority.issue(Object.values(origins).map(origin => new URL(origin).hostname))
  await writeFile(settings, await bothProviders({ ...TLS, certificates: [{ certificate: chain, key }] }))
  const signpost = await startSignpost(join(directory, 'signpost'), settings)
  const chromium = await startChromium(`${TLS.host}:${TLS.port}`)
  return {
    open: chromium.open,
    directory,
    async stop() {
      await chromium.stop()
      await signpost.stop()
      await rm(directory, { recursive: true })
    }
  }
}

async function bothProviders(tls: object): Promise<string> {
  const seed = parseDocument(await readFile('config/signpost.yaml', 'utf8'))
  const more = parseDocument(await readFile('test/real/settings/page.yaml', 'utf8')).toJS()
  for (const provider of more.providers) seed.addIn(['providers'], provider)
  seed.setIn(['http', 'tls'], tls)
  return seed.toString()
}
