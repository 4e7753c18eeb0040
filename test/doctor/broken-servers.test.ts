/**
 * Domains with broken servers, certificates and DNS records, examined by `signpost doctor`.
 */
import t from 'tap'
import { issue } from '../support/certificates.ts'
import { type Broken, ofHost, ofXml, reportsFault, testedPrograms } from '../support/doctor/broken-world.ts'
import { root, webHosts } from '../support/doctor/living-domain.ts'
import type { ZoneRecord } from '../support/doctor/name-server.ts'
import { mailScript } from '../support/probes/mail-script.ts'

const xml = 'https://autoconfig.example.com/mail/config-v1.1.xml'
const usual = { issuer: root, hosts: webHosts }
const mailTls = { certificates: [issue('imap.example.com', { issuer: root, hosts: ['imap.example.com'] })] }

/** @returns the zone with one record changed */
const changed = (name: string, type: ZoneRecord['type'], change: object) => (records: readonly ZoneRecord[]) =>
  records.map(
    record => (record.name === name && record.type === type ? { ...record, ...change } : record) as ZoneRecord
  )

const worlds: Readonly<Record<string, Broken>> = {
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
  'a DNS that fails': {
    breakage: { dnsFaults: { 'autoconfig.example.com': 'SERVFAIL' } },
    rule: 'dns.servfail',
    subject: 'autoconfig.example.com',
    met: ofHost,
    failing: ['apple', 'geary']
  },
  'an IMAP server that speaks TLS on port 143': {
    breakage: { security: 'starttls', imap: mailScript('imap', { ...mailTls, implicitTls: true }) },
    rule: 'server.tls-on-starttls-port',
    subject: 'imap imap.example.com:143',
    met: testedPrograms
  },
  'an SMTP server without STARTTLS': {
    breakage: { security: 'starttls', smtp: mailScript('smtp', { inClear: ['PIPELINING'] }) },
    rule: 'server.starttls-missing',
    subject: 'smtp smtp.example.com:587',
    met: testedPrograms
  },
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
  'a port that is filtered': {
    breakage: { silent: ['autodiscover.example.com:443'] },
    rule: 'http.no-answer',
    subject: 'https://autodiscover.example.com',
    met: ['thunderbird', 'outlook-cloud'],
    failing: ['outlook-cloud'],
    timeout: '2'
  },
  'a server that is too slow': {
    breakage: { answers: { [`GET ${xml}`]: () => undefined } },
    rule: 'http.no-answer',
    subject: 'https://autoconfig.example.com',
    met: ofXml,
    failing: ['geary'],
    timeout: '2'
  }
}

for (const [title, world] of Object.entries(worlds)) {
  t.test(`doctor: ${title} is reported with the affected programs and a remedy`, reportsFault(world))
}
