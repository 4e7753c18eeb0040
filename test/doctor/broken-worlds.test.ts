/**
 * Domains with one thing broken in each: what is wrong is named, with whom it hurts and what to do.
 */
import t from 'tap'
import { doctor } from '../../src/cli/doctor.ts'
import type { Finding } from '../../src/doctor/finding.ts'
import { issue } from '../certificates.ts'
import { runCommand } from '../cli/terminal.ts'
import { clientConfig } from '../clients/plain-document.ts'
import { mailScript } from '../probes/mail-script.ts'
import { type Breakage, root, startDomain, webHosts } from './living-domain.ts'
import type { ZoneRecord } from './name-server.ts'

/** Who asks in ways that differ. */
const asking = [
  ...['thunderbird', 'outlook-classic', 'outlook-cloud', 'apple', 'delta-chat', 'fairemail', 'emailengine', 'geary'],
  'himalaya'
]

interface Broken {
  readonly breakage: Breakage
  readonly rule: string
  readonly subject: string
  /** Default: error. */
  readonly severity?: Finding['severity']
  /** Who meets it. */
  readonly met: readonly string[]
  /** Who finds nothing, or something else. Default: nobody. */
  readonly failing?: readonly string[]
  /** Seconds that an answer may take. Default: so many that nothing is slow but what a test makes so. */
  readonly timeout?: string
}

interface Report {
  readonly findings: readonly Finding[]
  readonly programs: readonly { readonly client: string; readonly verdict: string }[]
}

const host = 'autoconfig.example.com'
const xml = `https://${host}/mail/config-v1.1.xml`
const pox = 'https://autodiscover.example.com/autodiscover/autodiscover.xml'
const mailTls = { certificates: [issue('imap.example.com', { issuer: root, hosts: ['imap.example.com'] })] }
const usual = { issuer: root, hosts: webHosts }

/** @returns the zone with something else in a record */
const changed = (name: string, type: ZoneRecord['type'], change: object) => (records: readonly ZoneRecord[]) =>
  records.map(
    record => (record.name === name && record.type === type ? { ...record, ...change } : record) as ZoneRecord
  )

/** Programs that ask https://autoconfig.example.com for anything, and for its autoconfig document. */
const ofHost = ['thunderbird', 'apple', 'delta-chat', 'fairemail', 'geary', 'himalaya']
const ofXml = ofHost.filter(name => name !== 'apple')

const worlds: Readonly<Record<string, Broken>> = {
  'an expired certificate': {
    breakage: {
      certificates: { 'autoconfig.example.com': issue('autoconfig.example.com', { ...usual, until: -0.5 }) }
    },
    rule: 'certificate.expired',
    subject: 'https://autoconfig.example.com',
    met: ofHost,
    failing: ['apple', 'geary']
  },
  'a certificate for another name': {
    breakage: {
      certificates: { 'autoconfig.example.com': issue('www.example.com', { issuer: root, hosts: ['www.example.com'] }) }
    },
    rule: 'certificate.name',
    subject: 'https://autoconfig.example.com',
    met: ofHost,
    failing: ['apple', 'geary']
  },
  'a soft 404': {
    breakage: { answers: { 'https://autoconfig.example.com': (_request, response) => response.end('Welcome') } },
    rule: 'http.soft-404',
    subject: 'https://autoconfig.example.com',
    met: ofHost,
    failing: ['apple', 'delta-chat', 'geary']
  },
  'HTML with 200': {
    breakage: {
      answers: {
        [`GET ${xml}`]: (_request, response) =>
          response.setHeader('content-type', 'text/html').end('<!doctype html><title>Welcome</title>')
      }
    },
    rule: 'http.html',
    subject: xml,
    met: ofXml,
    failing: ['delta-chat', 'geary']
  },
  'a wrong content type': {
    breakage: {
      answers: {
        [`GET ${xml}`]: (_request, response) => response.setHeader('content-type', 'text/plain').end(clientConfig)
      }
    },
    rule: 'document.content-type',
    subject: xml,
    met: ['thunderbird']
  },
  'a redirect loop': {
    breakage: { answers: { [`GET ${xml}`]: (_request, response) => response.writeHead(302, { location: xml }).end() } },
    rule: 'http.redirect-loop',
    subject: xml,
    met: ofXml,
    failing: ['geary']
  },
  'a redirect to a private address': {
    breakage: {
      answers: {
        [`GET ${xml}`]: (_request, response) => response.writeHead(302, { location: 'http://127.0.0.1/' }).end()
      }
    },
    rule: 'http.redirect-private',
    subject: xml,
    met: ofXml,
    failing: ['geary']
  },
  'an SRV record that disagrees': {
    breakage: { zone: changed('_imaps._tcp.example.com', 'SRV', { target: 'smtp.example.com' }) },
    rule: 'srv.differs',
    subject: '_imaps._tcp.example.com',
    met: ['fairemail', 'emailengine', 'himalaya'],
    failing: ['fairemail', 'emailengine', 'himalaya']
  },
  'a digest of another document': {
    breakage: {
      zone: changed('_ua-auto-config.example.com', 'TXT', {
        text: 'v=UAAC1; a=sha256; d=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='
      })
    },
    rule: 'pacc.digest-mismatch',
    subject: '_ua-auto-config.example.com',
    met: ['himalaya']
  },
  'a server that is too slow': {
    breakage: { answers: { [`GET ${xml}`]: () => undefined } },
    rule: 'http.no-answer',
    subject: 'https://autoconfig.example.com',
    met: ofXml,
    failing: ['geary'],
    timeout: '2'
  },
  'a giant body': {
    breakage: {
      answers: { [`GET ${xml}`]: (_request, response) => response.end(`<a>${'x'.repeat(1024 * 1024)}</a>`) }
    },
    rule: 'http.too-large',
    subject: 'https://autoconfig.example.com',
    met: ofXml,
    failing: ['geary']
  },
  'a DNS that fails': {
    breakage: { dnsFaults: { 'autoconfig.example.com': 'SERVFAIL' } },
    rule: 'dns.servfail',
    subject: 'autoconfig.example.com',
    met: ofHost,
    failing: ['apple', 'geary']
  },
  'an Autodiscover that wants a log-in': {
    breakage: {
      answers: {
        'https://autodiscover.example.com': (_request, response) =>
          response.writeHead(401, { 'www-authenticate': 'Basic' }).end()
      }
    },
    rule: 'http.unauthorized',
    subject: pox,
    met: ['thunderbird', 'outlook-cloud'],
    failing: ['outlook-cloud']
  },
  'an IMAP server that speaks TLS on port 143': {
    breakage: { security: 'starttls', imap: mailScript('imap', { ...mailTls, implicitTls: true }) },
    rule: 'server.tls-on-starttls-port',
    subject: 'imap imap.example.com:143',
    met: asking
  },
  'an SMTP server without STARTTLS': {
    breakage: { security: 'starttls', smtp: mailScript('smtp', { inClear: ['PIPELINING'] }) },
    rule: 'server.starttls-missing',
    subject: 'smtp smtp.example.com:587',
    met: asking
  },
  'a port that is filtered': {
    breakage: { silent: ['autodiscover.example.com:443'] },
    rule: 'http.no-answer',
    subject: 'https://autodiscover.example.com',
    met: ['thunderbird', 'outlook-cloud'],
    failing: ['outlook-cloud'],
    timeout: '2'
  }
}

for (const [title, broken] of Object.entries(worlds)) {
  t.test(`doctor: ${title} is named, with whom it hurts and what to do`, async t => {
    const { breakage, rule, subject, severity = 'error', met, failing = [], timeout = '60' } = broken
    const args = await startDomain(t, breakage)
    const programs = asking.flatMap(name => ['--client', name])
    const { code, out } = await runCommand(doctor, [...args, ...programs, '--timeout', timeout, '--json'])
    const report: Report = JSON.parse(out)
    t.equal(code, 1)
    const rules = report.findings.map(each => `${each.rule} ${each.subject}`)
    const found = report.findings.find(each => each.rule === rule && each.subject === subject)
    t.match(found, { severity, message: /\w.*\.$/, remedy: /\w.*\.$/ }, rules.join(', '))
    // Why: where the time is short more than that may take too long.
    if (broken.timeout !== undefined) return t.same(new Set(met).difference(new Set(found?.clients)), new Set())
    t.same(found?.clients, met, 'who meets it')
    const hurt = report.programs.filter(({ verdict }) => verdict !== 'same').map(({ client }) => client)
    t.same(hurt, failing, 'who fails')
  })
}
