// A real OpenLDAP with a private data directory: without TLS, with StartTLS, with TLS, and on a socket.

import { chown, copyFile, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Certificate } from './certificate-authority.ts'
import { asUser, type Breakable, signalFamily } from './database.ts'
import { run, start } from './program.ts'
import { systemUser } from './system-user.ts'

const HOST = '127.0.0.1'
const USER = 'openldap'

export interface Slapd extends Breakable {
  host: string
  /** URL without TLS, for StartTLS. */
  port: number
  /** URL with TLS from the first byte. */
  securePort: number
  /** The path of its socket. */
  socket: string
}

export interface SlapdOptions {
  /** Certificate for `localhost`. */
  certificate: Certificate
  /** Definitions in slapd's own format, in addition to cosine and inetOrgPerson. */
  schema: string
  /** LDIF: everything below dc=example,dc=com. cn=signpost may read it, and anonymous clients everything below ou=public. */
  entries: string
}

export async function startSlapd(directory: string, options: SlapdOptions): Promise<Slapd> {
  const { certificate, schema, entries } = options
  const [port, securePort] = [389, 636]
  const owner = await systemUser(USER)
  const file = (name: string) => join(directory, name)
  await mkdir(file('data'), { recursive: true })
  await copyFile(certificate.chain, file('server.pem'))
  await copyFile(certificate.key, file('server.key'))
  await writeFile(file('own.schema'), schema)
  await writeFile(file('entries.ldif'), entries)
  await writeFile(file('slapd.conf'), configuration(directory))
  for (const name of ['', 'data', 'server.pem', 'server.key']) await chown(file(name), owner.uid, owner.gid)

  const fill = ['slapadd', '-q', '-f', file('slapd.conf'), '-l', file('entries.ldif')]
  const { exitCode, output } = await run(...asUser(USER, fill))
  if (exitCode !== 0) throw new Error(`slapadd: ${output}`)

  const socket = file('ldapi')
  const places = [`ldap://${HOST}:${port}/`, `ldaps://${HOST}:${securePort}/`, `ldapi://${encodeURIComponent(socket)}/`]
  // Why as root: it opens its ports before it drops its privileges.
  const flags = ['-d', '0', '-u', USER, '-g', USER, '-f', file('slapd.conf'), '-h', places.join(' ')]
  const launch = () =>
    start('slapd', flags, {
      log: file('slapd.log'),
      ready: [port, securePort].map(each => ({ host: HOST, port: each }))
    })
  let program = await launch()

  return {
    host: HOST,
    port,
    securePort,
    socket,
    stop: () => program.stop(),
    async restart() {
      program = await launch()
    },
    pause: () => signalFamily(program, 'SIGSTOP'),
    resume: () => signalFamily(program, 'SIGCONT')
  }
}

function configuration(directory: string): string {
  return `
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
include ${directory}/own.schema
modulepath /usr/lib/ldap
moduleload back_mdb
pidfile ${directory}/slapd.pid
TLSCertificateFile ${directory}/server.pem
TLSCertificateKeyFile ${directory}/server.key
database mdb
suffix "dc=example,dc=com"
rootdn "cn=admin,dc=example,dc=com"
directory ${directory}/data
dbnosync
index objectClass,associatedDomain,mail eq
access to attrs=userPassword by anonymous auth
access to dn.subtree="ou=public,dc=example,dc=com" by * read
access to * by dn.exact="cn=signpost,dc=example,dc=com" read
`
}
