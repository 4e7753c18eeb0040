/**
 * Domains with invalid documents and responses, examined by `signpost doctor`.
 */
import t from 'tap'
import { clientConfig } from '../support/clients/plain-document.ts'
import { type Broken, ofHost, ofXml, reportsFault } from '../support/doctor/broken-world.ts'

const host = 'autoconfig.example.com'
const xml = `https://${host}/mail/config-v1.1.xml`
const pox = 'https://autodiscover.example.com/autodiscover/autodiscover.xml'

const worlds: Readonly<Record<string, Broken>> = {
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
  'a giant body': {
    breakage: {
      answers: { [`GET ${xml}`]: (_request, response) => response.end(`<a>${'x'.repeat(1024 * 1024)}</a>`) }
    },
    rule: 'http.too-large',
    subject: 'https://autoconfig.example.com',
    met: ofXml,
    failing: ['geary']
  },
  'an OAuth server whose metadata names another issuer': {
    breakage: {
      answers: {
        [`GET ${xml}`]: (_request, response) =>
          response.setHeader('content-type', 'text/xml').end(
            clientConfig.replace(
              '</clientConfig>',
              `<oAuth2><issuer>https://signpost.example.com/</issuer><scope>mail</scope>
<authURL>https://signpost.example.com/a</authURL><tokenURL>https://signpost.example.com/t</tokenURL></oAuth2></clientConfig>`
            )
          ),
        'GET https://signpost.example.com/.well-known/oauth-authorization-server': (_request, response) =>
          response.setHeader('content-type', 'application/json').end(
            JSON.stringify({
              issuer: 'https://signpost.example.com',
              authorization_endpoint: 'https://signpost.example.com/a',
              token_endpoint: 'https://signpost.example.com/t'
            })
          )
      }
    },
    rule: 'oauth.issuer-differs',
    subject: 'https://signpost.example.com/',
    met: []
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
  }
}

for (const [title, world] of Object.entries(worlds)) {
  t.test(`doctor: ${title} is reported with the affected programs and a remedy`, reportsFault(world))
}
