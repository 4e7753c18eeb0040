// A temporary certificate authority made by openssl, which issues the certificates of web and mail servers.

import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from './program.ts'

export interface Certificate {
  /** The certificate and its issuer, PEM. */
  chain: string
  key: string
}

export interface CertificateAuthority {
  /** Path of the root certificate, PEM. */
  root: string
  /** A server certificate for these host names. */
  issue(hosts: string[]): Promise<Certificate>
}

const ELLIPTIC_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']

export interface AuthorityOptions {
  /** Its name, in the notation of openssl. Default: a name that says that it is for tests. */
  subject?: string
}

export async function createAuthority(
  directory: string,
  { subject = '/CN=Signpost test authority' }: AuthorityOptions = {}
): Promise<CertificateAuthority> {
  await mkdir(directory)
  const root = join(directory, 'root.pem')
  const rootKey = join(directory, 'root.key')
  const configuration = join(directory, 'root.cnf')
  // Why: names are written as PrintableString, as in the roots that programs contain.
  await writeFile(configuration, '[req]\ndistinguished_name = name\nstring_mask = nombstr\n[name]\n')
  await openssl(
    ['req', '-x509', '-config', configuration, ...ELLIPTIC_KEY, '-keyout', rootKey, '-out', root, '-days', '30'],
    ['-subj', subject, '-addext', 'basicConstraints=critical,CA:TRUE'],
    ['-addext', 'subjectKeyIdentifier=hash', '-addext', 'keyUsage=critical,keyCertSign,cRLSign']
  )

  return {
    root,
    async issue(hosts) {
      const [first = 'localhost'] = hosts
      const file = (suffix: string) => join(directory, `${first}.${suffix}`)
      await openssl(
        ['req', '-x509', ...ELLIPTIC_KEY, '-CA', root, '-CAkey', rootKey, '-days', '30'],
        ['-keyout', file('key'), '-out', file('leaf.pem'), '-subj', `/CN=${first}`],
        ['-addext', `subjectAltName=${hosts.map(host => `DNS:${host}`).join()}`],
        ['-addext', 'basicConstraints=critical,CA:FALSE', '-addext', 'extendedKeyUsage=serverAuth']
      )
      const chain = await Promise.all([file('leaf.pem'), root].map(path => readFile(path, 'utf8')))
      await writeFile(file('pem'), chain.join(''))
      return { chain: file('pem'), key: file('key') }
    }
  }
}

async function openssl(...args: string[][]): Promise<void> {
  const { exitCode, output } = await run('openssl', args.flat())
  if (exitCode !== 0) throw new Error(`openssl: ${output}`)
}
