// Settings with which every path of the service does its maximum work: signatures, a directory, domains by pattern.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { issue, rsaKey } from '../support/certificates.ts'

export type Signature = 'rsa' | 'ec' | 'none'

/** @returns the path of the settings file in the folder */
export const writeCostSettings = (dir: string, signature: Signature): string => {
  if (signature !== 'none') {
    const { pem, keyPem } = issue('Signpost', signature === 'rsa' ? { key: rsaKey() } : {})
    writeFileSync(join(dir, 'signing.pem'), pem)
    writeFileSync(join(dir, 'signing.key'), keyPem, { mode: 0o600 })
  }
  const file = join(dir, 'signpost.yaml')
  const signing = signature === 'none' ? '' : 'signing: { certificate: signing.pem, key: signing.key }\n'
  writeFileSync(file, `${signing}${settings}`)
  return file
}

const settings = `
http: { trustProxy: [127.0.0.1, 10.0.0.0/8] }
providers:
  - id: example
    name: Example Mail
    domains: [example.com, "*.customers.example"]
    mx: [mx1.hoster.example]
    servers:
      - { protocol: imap, host: imap.example.com }
      - { protocol: pop3, host: pop.example.com }
      - { protocol: smtp, host: smtp.example.com }
      - { protocol: managesieve, host: imap.example.com }
      - { protocol: caldav, url: "https://dav.example.com/cal/" }
      - { protocol: carddav, url: "https://dav.example.com/card/" }
      - { protocol: jmap, url: "https://jmap.example.com/" }
      - { protocol: activesync, url: "https://eas.example.com/Microsoft-Server-ActiveSync" }
    documentation: [{ url: "https://help.example.com/", text: { en: Help, de: Hilfe } }]
    website: https://example.com/
  - id: other
    name: Other Mail
    domains: [other.example]
    servers:
      - { protocol: imap, host: imap.other.example }
      - { protocol: smtp, host: smtp.other.example }
`
