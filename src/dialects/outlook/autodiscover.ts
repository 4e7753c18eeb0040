/**
 * Outlook autodiscover, plain old XML (POX): MS-OXDSCLI, schema outlook/responseschema/2006a. Read by Outlook 2007 and
 * later, Thunderbird, Delta Chat, FairEmail, EmailEngine, SnappyMail and eM Client.
 */
import { compile } from '../../formats/template.ts'
import { escapeXml, writeXml, type XmlElement } from '../../formats/xml.ts'
import { loginName } from '../../settings/account.ts'
import { toAddress } from '../../settings/address.ts'
import { expand } from '../../settings/placeholder.ts'
import { type Provider, preferred, type Server } from '../../settings/provider.ts'
import type { Authentication, Security } from '../../settings/schema.ts'
import type { Dialect, Inquiry, Question, Writer } from '../dialect.ts'
import { type Document, document } from '../document.ts'
import { notServed } from '../not-served.ts'
import { compileMobileSync, mobileSyncNamespace } from './mobilesync.ts'
import { readOutlookRequest } from './request.ts'
import { outlookHeaders, outlookRefusals, responseNamespace } from './response.ts'

export const outlookPath = '/autodiscover/autodiscover.xml'

export const outlook: Dialect = {
  name: 'outlook',
  title: 'Outlook autodiscover',
  routes: [
    { method: 'POST', path: outlookPath },
    // Observed: Delta Chat only ever GETs; so do Outlook for Android 4.2220, MyMail and Spike.
    { method: 'GET', path: outlookPath }
  ],
  crossOrigin: false,
  // Spec: MS-OXDISCO 3.1.5: a plain http host may only redirect, to an https URL that ends in this path in small letters.
  httpsPath: () => outlookPath,
  ask,
  compile: write,
  obstacle
}

const outlookNamespace = 'http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a'

function ask({ method, body }: Inquiry): Question | Document {
  if (method !== 'POST') return { domain: undefined }
  const request = body && readOutlookRequest(body)
  if (request === undefined) return outlookRefusals.invalidRequest
  // Spec: MS-OXDSCLI 3.2.5: a LegacyDN wins over the address; it names an Exchange mailbox, and there is none here.
  if (request.hasLegacyDn) return outlookRefusals.unknownAddress
  if (request.address === '') return outlookRefusals.invalidRequest
  // Why: letter case is forgiven, and the https of Microsoft's newer samples.
  const schema = request.schema.toLowerCase().replace(/^https:/, 'http:')
  const form = schema === mobileSyncNamespace ? 'mobilesync' : 'outlook'
  if (form === 'outlook' && schema !== outlookNamespace) return outlookRefusals.schemaNotServed
  const address = toAddress(request.address)
  return address === undefined ? outlookRefusals.unknownAddress : { domain: address.domain, address, form }
}

function obstacle(provider: Provider): string | undefined {
  return serversOf(provider).length === 0 ? 'it needs an imap, pop3 or smtp server that takes a password' : undefined
}

function write(provider: Provider): Writer | undefined {
  const writeOutlook = compileOutlook(provider)
  const writeMobileSync = compileMobileSync(provider)
  if (writeOutlook === undefined && writeMobileSync === undefined) return undefined
  return subject => {
    const writer = subject.form === 'mobilesync' ? writeMobileSync : writeOutlook
    if (writer !== undefined) return writer(subject)
    // Why not the other one: a client cannot use an answer in a schema that it did not ask for. Observed: Delta Chat takes
    // an error with status 200 to its GET for the end of its search.
    return subject.form === undefined ? notServed : outlookRefusals.schemaNotServed
  }
}

function compileOutlook(provider: Provider): Writer | undefined {
  const servers = serversOf(provider)
  if (servers.length === 0) return undefined
  const fillPersonal = compile(
    ['domain', 'address', 'login'],
    ({ domain, address, login }) => writeXml(autodiscover(provider, servers, domain, { address, login })),
    escapeXml
  )
  const fillGeneral = compile(['domain'], ({ domain }) => writeXml(autodiscover(provider, servers, domain)), escapeXml)
  return subject => {
    const { domain, address } = subject
    if (address === undefined) return document(200, outlookHeaders, fillGeneral({ domain }))
    const values = { domain, address: address.text, login: loginName(subject, address) }
    return document(200, outlookHeaders, fillPersonal(values))
  }
}

function serversOf(provider: Provider): Server[] {
  return (['imap', 'pop3', 'smtp'] as const)
    .map(protocol => preferred(provider, protocol))
    .filter(server => server !== undefined)
    .filter(server => methodOf(server) !== undefined)
}

/** POX has no words for OAuth, Kerberos and the like outside Exchange. */
function methodOf({ authentication }: Server): Authentication | undefined {
  return authentication.find(method => ['password', 'encrypted-password', 'none'].includes(method))
}

interface Person {
  readonly address: string
  readonly login: string
}

/**
 * One Account, one Protocol a type, IMAP before POP3 before SMTP. Why: Thunderbird reads the first Account and the first
 * IMAP, FairEmail and EmailEngine the last IMAP.
 */
function autodiscover(provider: Provider, servers: readonly Server[], domain: string, person?: Person): XmlElement {
  return {
    Autodiscover: {
      '@xmlns': responseNamespace,
      Response: {
        '@xmlns': outlookNamespace,
        // Why: the address, and never a directory's display name, which would tell strangers who owns a mailbox.
        User: person && { DisplayName: person.address },
        Account: {
          // Observed: FairEmail's state machine wants both before the first Protocol.
          AccountType: 'email',
          Action: 'settings',
          ServiceHome: provider.website,
          Protocol: servers.map(server => protocolElement(server, domain, person?.login))
        }
      }
    }
  }
}

function protocolElement(server: Server, domain: string, login?: string) {
  const { protocol, host, port, security } = server
  return {
    Type: protocol.toUpperCase(),
    TTL: 24,
    Server: expand(host, { '%EMAILDOMAIN%': domain }),
    // Observed: Delta Chat and FairEmail drop a Protocol without a Port.
    Port: port,
    LoginName: login,
    DomainRequired: 'off',
    // Spec: MS-OXDSCLI 2.2.4.1.1.2.6: absent means on, that is NTLM.
    SPA: 'off',
    SSL: security === 'none' ? 'off' : 'on',
    Encryption: encryptions[security],
    AuthRequired: methodOf(server) === 'none' ? 'off' : 'on',
    ...(protocol === 'smtp' && { UsePOPAuth: 'off', SMTPLast: 'off' })
  }
}

// Spec: MS-OXDSCLI 2.2.4.1.1.2.6.22. Observed: Outlook reads TLS as STARTTLS; with TLS on port 993 it waits for a greeting
// in clear that never comes.
const encryptions: Record<Security, string> = { tls: 'SSL', starttls: 'TLS', none: 'None' }
