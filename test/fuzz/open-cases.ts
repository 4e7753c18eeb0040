/**
 * All cases. Add new ones here.
 */
import { dialectCases } from './dialect-cases.ts'
import type { FuzzCase } from './fuzz-case.ts'
import { headerCase } from './header-case.ts'
import { pageCase } from './page-case.ts'
import { openServerCases } from './server-cases.ts'
import { shareServer } from './sockets/server.ts'
import { socketsCase } from './sockets/sockets-case.ts'
import { tlsCase } from './sockets/tls-case.ts'
import { dnsAnswerCase } from './strangers/dns-answer-case.ts'
import { doctorCase } from './strangers/doctor-case.ts'
import { importCase } from './strangers/import-case.ts'
import { openMailServerCase } from './strangers/mail-server-case.ts'
import { openProxiedWireCase, openWireCase } from './wire-case.ts'

/** Why they are opened: one of them listens, and must be closed. */
export async function openCases(): Promise<FuzzCase[]> {
  const strangers = [importCase, doctorCase, dnsAnswerCase, await openMailServerCase()]
  const server = shareServer()
  return [
    ...dialectCases,
    headerCase,
    pageCase,
    ...strangers,
    await openWireCase(),
    await openProxiedWireCase(),
    socketsCase(server),
    tlsCase(server),
    ...openServerCases()
  ]
}
