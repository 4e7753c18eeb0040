/**
 * The pages about domains, with the lookups that they need.
 */
import { clients } from '../../clients/index.ts'
import { conformanceMatrix } from '../../conformance/matrix.ts'
import { createTableWorld } from '../../conformance/table-world.ts'
import type { Document } from '../../dialects/document.ts'
import type { DnsRecord } from '../../dns/record.ts'
import { errors } from '../../errors.ts'
import { refusal } from '../../http/refusal.ts'
import type { Certificates } from '../../keys/certificates.ts'
import type { Resolver } from '../../network/resolver.ts'
import { compareRecords } from '../../records/compare-records.ts'
import { domainRecords } from '../../records/domain-records.ts'
import { signpostHost } from '../../records/signpost-host.ts'
import { toAddress } from '../../settings/question/address.ts'
import { toDomain } from '../../settings/question/domain.ts'
import type { Runner } from '../check/runner.ts'
import { traceProgram } from '../trace/trace.ts'
import { tracePage } from '../trace/trace-page.ts'
import { coveredNames } from './certificates-card.ts'
import { documentsOf } from './documents.ts'
import { documentPage } from './documents-card.ts'
import { domainPage } from './domain-page.ts'
import { type DomainFinder, type FoundDomain, findDomain } from './find-domain.ts'
import { comparedPage } from './records-card.ts'
import { searchDomains } from './search.ts'
import { searchPage } from './search-page.ts'

export interface DomainPages {
  /** @param text as typed */
  search(text: string): Promise<Document>
  /** @param text the domain of the URL. @returns undefined if it is not served */
  show(text: string, context: PageContext): Promise<Document | undefined>
  /** @param dialect its name. @returns undefined if there is no such document */
  showDocument(text: string, dialect: string): Promise<Document | undefined>
  /** Compares the records of the domain with the DNS. @returns undefined if it is not served */
  compare(text: string): Promise<Document | undefined>
  /** @param program the name of a client */
  trace(text: string, program: string): Promise<Document>
}

export interface PageContext {
  readonly runner: Pick<Runner, 'resultOf'>
  /** Of forms. */
  readonly token: string
}

export interface DomainPagesOptions {
  readonly finder: DomainFinder
  readonly certificates: Pick<Certificates, 'certificatesAt'>
  /** Makes a resolver for one page. */
  readonly createResolver: () => Pick<Resolver, 'look'>
}

const unavailable = refusal(errors.unavailable(), { 'retry-after': '5' })

export function createDomainPages({ finder, certificates, createResolver }: DomainPagesOptions): DomainPages {
  const { source } = finder

  async function withDomain(
    text: string,
    show: (found: FoundDomain) => Promise<Document | undefined>
  ): Promise<Document | undefined> {
    const domain = toDomain(text)
    const found = domain === undefined ? undefined : await findDomain(domain, finder)
    if (found === undefined) return undefined
    return found === 'unavailable' ? unavailable : await show(found)
  }

  function recordsOf({ person }: FoundDomain): readonly DnsRecord[] {
    const host = signpostHost(source.table.settings, { domain: person.domain, ttl: 3600 })
    return [...domainRecords(person, host.name), ...host.records]
  }

  return {
    async search(text) {
      const typed = text.trim()
      const domain = toDomain(typed)
      const found = domain === undefined ? undefined : await findDomain(domain, finder)
      const state = found === undefined ? 'not-served' : found === 'unavailable' ? 'unavailable' : 'served'
      return searchPage({
        text: typed,
        exact: domain === undefined ? undefined : { domain, state },
        ...(await searchDomains(source.table, domain ?? typed.toLowerCase())),
        hasDirectory: finder.customers !== undefined
      })
    },
    show: (text, { runner, token }) =>
      withDomain(text, async found => {
        const now = Date.now()
        const records = recordsOf(found)
        const [rows, documents] = await Promise.all([
          conformanceMatrix(found.person, createTableWorld(found.table, { records })),
          documentsOf(found)
        ])
        const names = coveredNames(found.domain, certificates.certificatesAt(now))
        const lastCheck = runner.resultOf(found.domain)
        return domainPage({ found, rows, documents, records, names, lastCheck, token, now })
      }),
    showDocument: (text, dialect) =>
      withDomain(text, async found => {
        const shown = (await documentsOf(found)).find(({ name }) => name === dialect)
        return shown && documentPage(shown, found.domain)
      }),
    compare: text =>
      withDomain(text, async found =>
        comparedPage(found.domain, await compareRecords(recordsOf(found), createResolver().look))
      ),
    async trace(text, program) {
      const typed = text.trim()
      if (typed === '') return tracePage({ text: typed, program })
      const address = toAddress(typed)
      const client = clients.find(({ name }) => name === program)
      if (address === undefined) return tracePage({ text: typed, program, problem: 'This is not a mail address.' })
      if (client === undefined) return tracePage({ text: typed, program, problem: 'This program has no model.' })
      const found = await findDomain(address.domain, finder)
      if (found === 'unavailable') return unavailable
      if (found === undefined) {
        return tracePage({ text: typed, program, problem: `${address.domain} is not served here.` })
      }
      const trace = await traceProgram(client, address, { table: found.table, records: recordsOf(found) })
      return tracePage({ text: typed, program, traced: { client, trace } })
    }
  }
}
