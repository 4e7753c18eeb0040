import t from 'tap'
import { issue } from '../certificates.ts'
import { clientConfig } from '../clients/plain-document.ts'
import { type Broken, ofHost, ofXml, tellsOf } from './broken-world.ts'
import { root, webHosts } from './living-domain.ts'

const host = 'autoconfig.example.com'
const xml = `https://${host}/mail/config-v1.1.xml`
const pox = 'https://autodiscover.example.com/autodiscover/autodiscover.xml'
const usual = { issuer: root, hosts: webHosts }

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
  'a port that is filtered': {
    breakage: { silent: ['autodiscover.example.com:443'] },
    rule: 'http.no-answer',
    subject: 'https://autodiscover.example.com',
    met: ['thunderbird', 'outlook-cloud'],
    failing: ['outlook-cloud'],
    timeout: '2'
  }
}

for (const [title, world] of Object.entries(worlds)) {
  t.test(`doctor: ${title} is named, with whom it hurts and what to do`, tellsOf(world))
}
