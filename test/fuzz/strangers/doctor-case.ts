/**
 * Everything that a foreign domain sends to `signpost doctor`: documents, redirects, headers, DNS records.
 */

import { createLineFormatter } from '../../../src/cli/colour.ts'
import { davClients } from '../../../src/clients/dav/index.ts'
import { clients } from '../../../src/clients/index.ts'
import type { HttpResponse } from '../../../src/clients/model/world.ts'
import { diagnose } from '../../../src/doctor/diagnose.ts'
import { examine } from '../../../src/doctor/look/examine.ts'
import { jsonReport } from '../../../src/doctor/report/json-report.ts'
import { report } from '../../../src/doctor/report/report.ts'
import { toEvidence } from '../../../src/doctor/rules/evidence.ts'
import type { Exchanger } from '../../../src/network/http-exchange.ts'
import { NetworkFault } from '../../../src/network/network-fault.ts'
import { createNetworkWorld } from '../../../src/network/network-world.ts'
import type { DnsAnswer, DnsData, RecordType, Resolver } from '../../../src/network/resolver.ts'
import { probeService } from '../../../src/probes/probe-service.ts'
import type { FuzzCase } from '../fuzz-case.ts'
import { createRandom, type Random } from '../random.ts'
import { anyDocument } from './any-document.ts'
import { hiddenIn, inTime } from './in-time.ts'

export const doctorCase: FuzzCase = {
  name: 'doctor',
  title: 'domains for doctor',
  make: random => ({ document: anyDocument(random), seed: String(random.below(1_000_000)) }),
  judge: ({ document = '', seed = '0' }) => inTime(5000, () => faultOf(document, createRandom(Number(seed))))
}

async function faultOf(document: string, random: Random): Promise<string | undefined> {
  const world = createNetworkWorld(anyExchanger(document, random), anyResolver(random))
  const now = () => 1_800_000_000_000
  const reading = toEvidence(
    await examine(
      { domain: 'example.com', address: 'jane@example.com', isAddressTyped: true },
      {
        ...{ world, clients, davClients, timeoutMs: 5000, allowPrivate: random.chance(20), now, nonsense: 'nonsense' },
        signal: new AbortController().signal,
        probeServer: async server => ({
          ...{ server, greeting: undefined, tls: undefined, capabilities: [], authentication: [] },
          ...{ plaintextRefused: undefined, logIn: 'not tried' as const, faults: [], ms: 1 }
        }),
        probeService: service => probeService(service, { exchange: world.exchange, now }),
        progress: () => undefined
      }
    )
  )
  const findings = diagnose(reading)
  const paint = createLineFormatter({ env: {}, isTerminal: { out: false, err: false } })
  const lines = report(reading, { findings, ms: 1 }).map(paint).join('\n')
  const json = jsonReport(reading, { findings, ms: 1 })
  JSON.parse(json)
  return hiddenIn(lines) ?? hiddenIn(json)
}

const kinds = [
  'no-host',
  'dns',
  'private-address',
  'refused',
  'timeout',
  'certificate',
  'tls',
  'broken',
  'url'
] as const

function anyExchanger(document: string, random: Random): Exchanger {
  return async request => {
    const known = { request, tls: undefined, ms: random.below(9) }
    if (!URL.canParse(request.url)) {
      return { ...known, response: undefined, fault: new NetworkFault('url', 'no such URL') }
    }
    if (random.chance(30)) {
      return { ...known, response: undefined, fault: new NetworkFault(random.pick(kinds), `it ${anyText(random)}`) }
    }
    return { ...known, response: anyResponse(document, random), fault: undefined }
  }
}

function anyResponse(document: string, random: Random): HttpResponse {
  const location = random.pick([
    'https://example.com/',
    'http://autoconfig.example.com/mail/config-v1.1.xml',
    'https://autodiscover.example.com/autodiscover/autodiscover.xml',
    `https://${anyText(random)}/`,
    anyText(random)
  ])
  return {
    status: random.chance(70) ? 200 : random.pick([204, 207, 301, 302, 307, 401, 404, 500, 999]),
    headers: {
      ...(random.chance(60) && { 'content-type': random.pick(['text/xml', 'application/json', anyText(random)]) }),
      ...(random.chance(40) && { location }),
      ...(random.chance(20) && { 'www-authenticate': anyText(random) }),
      ...(random.chance(10) && { dav: anyText(random) })
    },
    body: random.chance(80) ? document : anyText(random)
  }
}

const texts = [
  'example.com',
  'imap.example.com',
  '.',
  '..',
  '\u001b[31m',
  '\u009b2J',
  '\u202e',
  '\0',
  'Basic realm="',
  '"\\',
  'v=UAAC1; a=sha256; d=',
  ';',
  '=',
  ',',
  ' ',
  'mailconf=https://example.com/x',
  'path=/dav/',
  'xn--a',
  '192.0.2.1',
  '::1',
  '漢'
] as const

function anyText(random: Random): string {
  const parts = Array.from({ length: random.below(4) + 1 }, () => random.pick(texts))
  return parts.join('').repeat(random.chance(3) ? 2000 : 1)
}

function anyResolver(random: Random): Resolver {
  const records: { readonly [Type in RecordType]: () => DnsData[Type] } = {
    A: () => random.pick(['192.0.2.1', '8.8.8.8', '127.0.0.1']),
    AAAA: () => random.pick(['2001:db8::1', '::1', '2606:4700::1']),
    CNAME: () => anyText(random),
    NS: () => anyText(random),
    MX: () => ({ priority: random.below(70_000), exchange: anyText(random) }),
    SRV: () => ({
      priority: random.below(3),
      weight: random.below(3),
      port: random.pick([0, 143, 443, 993, 65_535]),
      target: anyText(random)
    }),
    TXT: () => anyText(random),
    CAA: () => ({ tag: random.pick(['issue', 'issuewild', 'iodef']), value: anyText(random) })
  }
  return {
    servers: [],
    async look<Type extends RecordType>(type: Type, name: string): Promise<DnsAnswer<Type>> {
      const fault = random.chance(15)
        ? random.pick(['SERVFAIL', 'REFUSED', 'timeout', 'malformed'] as const)
        : undefined
      const count = fault !== undefined || random.chance(40) ? 0 : random.chance(2) ? 2000 : random.below(4)
      const found = Array.from({ length: count }, records[type])
      return { name, type, records: found, fault, isMissing: count === 0 && random.chance(30) }
    }
  }
}
