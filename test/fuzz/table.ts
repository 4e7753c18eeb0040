/**
 * The settings for fuzzing: every dialect is served, one provider has wildcards, and one is switched off.
 */
import { tableOf } from '../support/table-of.ts'

export const settings = `
http: { trustProxy: [127.0.0.1], publicUrl: https://signpost.example.net }
limits: { overload: { delayMilliseconds: 0 } }
providers:
  - id: example
    name: Example <Mail> & "Co"
    shortName: Example
    domains: [example.com, bücher.example]
    mx: [mx1.hoster.example]
    password: { note: { en: Use an application password., de: Ein Anwendungspasswort nehmen. } }
    servers:
      - { protocol: imap, host: imap.example.com }
      - { protocol: pop3, host: pop.example.com }
      - { protocol: smtp, host: smtp.example.com }
      - { protocol: caldav, url: "https://dav.example.com/cal/" }
      - { protocol: carddav, url: "https://dav.example.com/card/" }
      - { protocol: jmap, url: "https://jmap.example.com/" }
      - { protocol: activesync, url: "https://eas.example.com/Microsoft-Server-ActiveSync" }
  - id: customers
    name: Customers
    domains: ["*.customers.example"]
    username: "%EMAILLOCALPART%"
    servers:
      - { protocol: imap, host: imap.%EMAILDOMAIN% }
      - { protocol: smtp, host: smtp.%EMAILDOMAIN% }
  - id: silent
    name: Silent
    domains: [silent.example]
    dialects: { thunderbird: false, outlook: false, outlook-json: false, apple: false, pacc: false, well-known: false, api: false, web: false }
    servers: [{ protocol: imap, host: imap.silent.example }]
`

export const table = tableOf(settings)

/** The same, with PROXY protocol headers from this machine at the beginning of connections. */
export const proxiedTable = tableOf(
  settings.replace('trustProxy: [127.0.0.1]', 'trustProxy: [127.0.0.0/8], proxyProtocol: true')
)

/** Hosts to which a redirect may lead. */
export const ownHosts = [
  'signpost.example.net',
  'dav.example.com',
  'jmap.example.com',
  'example.com',
  'silent.example',
  'xn--bcher-kva.example'
] as const
