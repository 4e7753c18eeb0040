/**
 * The schemas with which tests check responses find invalid documents.
 */
import { readFileSync } from 'node:fs'
import t from 'tap'
import { parseAnswer, readGolden } from '../golden/golden-file.ts'
import { answerFaults } from './answer-faults.ts'

const answerIn = (name: string) =>
  parseAnswer(readGolden(readFileSync(new URL(`../golden/${name}.golden`, import.meta.url), 'utf8')).answer)

/** What is wrong once the text is replaced. @param extras autoconfig has more than the safest document */
function faultsAfter(name: string, from: string | RegExp, to: string, extras = false): string[] {
  const { body, ...answer } = answerIn(name)
  const broken = body.replace(from, to)
  t.not(broken, body, `${from} is in ${name}`)
  const headers = { ...answer.headers, 'content-length': Buffer.byteLength(broken) }
  return answerFaults({ ...answer, headers, body: broken }, { extras })
}

for (const [what, from, to] of [
  ['half a document', /<\/clientConfig>\s*/, ''],
  ['a byte order mark', /^/, '\ufeff'],
  ['another version', 'version="1.1"', 'version="1.2"'],
  ['a namespace', '<clientConfig', '<clientConfig xmlns="urn:x"'],
  ['a document type', '<clientConfig', '<!DOCTYPE clientConfig>\n<clientConfig'],
  ['an id that is no host name', 'id="mailbox.org"', 'id="My Company"'],
  ['no domain', /<domain>.*<\/domain>/, ''],
  ['a domain with an attribute', '<domain>', '<domain purpose="mx">'],
  ['a long short name', '<displayShortName>', '<displayShortName>a name of many characters'],
  ['two imap servers', /<incomingServer type="imap">.*?<\/incomingServer>/s, '$&$&'],
  [
    'pop3 before imap',
    /(<incomingServer type="imap">.*?<\/incomingServer>)\s*(<incomingServer.*?<\/incomingServer>)/s,
    '$2$1'
  ],
  ['no smtp', /<outgoingServer.*<\/outgoingServer>/s, ''],
  ['a jmap server', 'type="pop3"', 'type="jmap"'],
  ['another order', /(<port>.*<\/port>)\s*(<socketType>.*<\/socketType>)/, '$2$1'],
  ['white space in a value', '<port>993', '<port> 993'],
  ['port 0', '>993<', '>0<'],
  ['an unknown socket type', '>SSL<', '>TLS<'],
  ['a placeholder in a host name', '>imap.mailbox.org<', '>imap.%EMAILDOMAIN%<'],
  ['half a placeholder', '%EMAILADDRESS%', '%EMAILADDRESS'],
  ['two user names', '%EMAILADDRESS%', '%EMAILLOCALPART%'],
  ['white space in a user name', /%EMAILADDRESS%/g, 'jane doe'],
  ['an unknown placeholder', /%EMAILADDRESS%/g, '%REALNAME%'],
  ['an entity in a value', '%EMAILADDRESS%', '%EMAILADDRESS%&amp;'],
  ['no authentication', /<authentication>.*<\/authentication>/, ''],
  ['an attribute on a server', 'type="imap"', 'type="imap" x="1"'],
  ['a comment', '<port>', '<!-- x --><port>']
] as const) {
  t.test(`autoconfig with ${what} is faulty`, async t => t.not(faultsAfter('thunderbird/seed', from, to).length, 0))
}

for (const [what, from, to] of [
  ['jmap before imap', /(<incomingServer type="imap">.*?)(<incomingServer type="jmap">.*?<\/incomingServer>)/s, '$2$1'],
  ['two jmap servers', /<incomingServer type="jmap">.*?<\/incomingServer>/s, '$&$&'],
  ['the name of a later version', /addressBook/g, 'addressbook'],
  ['a URL of a later version', /serverURL/g, 'url'],
  ['an attribute on a value', '<authentication>http-basic', '<authentication system="http">http-basic'],
  [
    'another user name',
    '%EMAILADDRESS%</username>\n    <authentication>http',
    'jane</username>\n    <authentication>http'
  ],
  ['a calendar in the provider', /(<\/emailProvider>)(.*)(<calendar.*?<\/calendar>)/s, '$3$1$2'],
  ['help without text', />Help &amp; more</, '><'],
  ['OAuth without scope', /<scope>.*<\/scope>/, ''],
  ['three ways to log in', /<authentication>OAuth2<\/authentication>/, '$&$&']
] as const) {
  t.test(`autoconfig with extras and ${what} is faulty`, async t =>
    t.not(faultsAfter('thunderbird/include-all', from, to, true).length, 0)
  )
}

t.test('autoconfig with extras is faulty where none were asked for', async t => {
  t.same(answerFaults(answerIn('thunderbird/include-all'), { extras: true }), [])
  t.not(answerFaults(answerIn('thunderbird/include-all')).length, 0)
})

for (const [what, from, to] of [
  ['the action before the user', /(<User>.*<\/User>\s*)(<Action>.*<\/Action>)/s, '$2$1'],
  ['another culture', 'en:us', 'en-us'],
  ['an address in other letters', /EMailAddress/g, 'EmailAddress'],
  ['IMAP', '>MobileSync<', '>IMAP<'],
  ['the schema of settings', 'mobilesync/responseschema/2006', 'outlook/responseschema/2006a'],
  ['http', '<Url>https:', '<Url>http:'],
  ['another name than the URL', '<Name>https://eas.', '<Name>https://other.'],
  ['no address', /<EMailAddress>.*<\/EMailAddress>/, '']
] as const) {
  t.test(`MobileSync with ${what} is faulty`, async t => t.not(faultsAfter('outlook/mobilesync', from, to).length, 0))
}

for (const [what, golden, from, to] of [
  ['half a document', 'pacc/all', /}$/, ''],
  ['no protocol', 'pacc/mail-only', /"protocols":{.*?}},/, '"protocols":{},'],
  ['no password', 'pacc/all', '"password":true', '"other":true'],
  ['no way to log in', 'pacc/all', '"password":true', '"password":false'],
  ['a name of 61 characters', 'pacc/all', '"Example Mail"', `"${'x'.repeat(61)}"`],
  ['two spaces', 'pacc/all', 'Example Mail', 'Example  Mail'],
  ['smtp at another host than submit', 'pacc/all', '"smtp":{"host":"smtp', '"smtp":{"host":"other'],
  ['a port', 'pacc/all', 'jmap.example.com/', 'jmap.example.com:443/'],
  ['calendars without a path', 'pacc/all', '/calendars/', '/'],
  ['managesieve', 'pacc/all', '"imap"', '"managesieve"'],
  ['a host with a port', 'pacc/all', '"imap.example.com"', '"imap.example.com:993"'],
  ['white space', 'pacc/all', '{"protocols"', '{ "protocols"'],
  ['no URL', 'outlook-json/active-sync', '"Url"', '"URL"'],
  ['http', 'outlook-json/active-sync', 'https:', 'http:'],
  ['another protocol', 'outlook-json/active-sync', '"ActiveSync"', '"activesync"'],
  ['another code', 'outlook-json/error-ews', 'InvalidProtocol', 'Invalid'],
  ['no user name', 'api/all', '"username"', '"userName"'],
  ['port 0', 'api/all', '993', '0'],
  ['nothing', 'api/bad-address', /.+/, 'null'],
  ['another word for the error', 'api/bad-address', '"error"', '"Error"']
] as const) {
  t.test(`${golden} with ${what} is faulty`, async t => t.not(faultsAfter(golden, from, to).length, 0))
}

for (const [what, from, to] of [
  ['half a document', /<\/Autodiscover>\s*/, ''],
  ['another root schema', 'autodiscover/responseschema/2006"', 'autodiscover/responseschema/2006a"'],
  ['schema 2006 without a', '2006a', '2006'],
  ['https schemas', 'http://schemas', 'https://schemas'],
  ['prefixes', /<(\/?)User>/g, '<$1a:User>'],
  ['two accounts', /<Account>.*<\/Account>/s, '$&$&'],
  ['another account type', '>email<', '>nntp<'],
  ['the action after the servers', /(<Action>.*<\/Action>)(.*)(<\/Account>)/s, '$2$1$3'],
  ['POP', '>POP3<', '>POP<'],
  ['a type twice', '>POP3<', '>IMAP<'],
  ['SMTP first', /(<Protocol>.*)(<Protocol>.*?SMTP.*<\/Protocol>)/s, '$2$1'],
  ['no port', /<Port>.*?<\/Port>/, ''],
  ['white space in a value', '<Server>', '<Server> '],
  ['SPA yes', '<SPA>off', '<SPA>yes'],
  ['a mail server with a URL', /<Server>.*?<\/Server>/, '<Server>https://imap.example.com/</Server>'],
  ['no SPA', /<SPA>.*?<\/SPA>/, ''],
  ['SSL true', '<SSL>on', '<SSL>true'],
  ['empty SSL', '<SSL>on', '<SSL>'],
  ['STARTTLS on port 993', '<Encryption>SSL', '<Encryption>TLS'],
  ['TLS on port 143', '>993<', '>143<'],
  ['SSL off and Encryption SSL', '<SSL>on', '<SSL>off'],
  ['UsePOPAuth in IMAP', '</AuthRequired>', '</AuthRequired><UsePOPAuth>off</UsePOPAuth><SMTPLast>off</SMTPLast>'],
  ['an empty user name', /<LoginName>.*?<\/LoginName>/, '<LoginName></LoginName>'],
  ['no TTL number', '<TTL>24', '<TTL>-1'],
  ['a TLS element', '<SSL>', '<TLS>on</TLS><SSL>']
] as const) {
  t.test(`autodiscover with ${what} is faulty`, async t => t.not(faultsAfter('outlook/seed', from, to).length, 0))
}

for (const [what, from, to] of [
  ['another code', '>600<', '>604<'],
  ['no DebugData', '<DebugData/>', ''],
  ['an Id over 32 bits', 'Id="1"', 'Id="9999999999"'],
  ['a Time that is none', 'Time="00', 'Time="99'],
  [
    'the schema of settings',
    '<Response>',
    '<Response xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a">'
  ]
] as const) {
  t.test(`an autodiscover error with ${what} is faulty`, async t =>
    t.not(faultsAfter('outlook/error-600-empty', from, to).length, 0)
  )
}

for (const [what, from, to] of [
  ['half a document', /<\/plist>\s*/, ''],
  ['no document type', /<!DOCTYPE.*>\n/, ''],
  ['an entity', '.dtd">', '.dtd" [<!ENTITY x "y">]>'],
  ['two values of a key', '<true/>', '<true/><true/>'],
  ['an element that is none', '<true/>', '<yes/>'],
  ['a key twice', '<key>EmailAccountName</key>', '<key>EmailAddress</key>'],
  ['an empty text', /<string>Jane.*?<\/string>/, '<string></string>'],
  ['an empty number', '<integer>993</integer>', '<integer></integer>'],
  ['a real number', '<integer>993</integer>', '<real>993</real>'],
  ['a port as text', '<integer>993</integer>', '<string>993</string>'],
  ['port 0', '>993<', '>0<'],
  ['another payload type', '>Configuration<', '>Profile<'],
  ['version 2', '<integer>1</integer>', '<integer>2</integer>'],
  ['no identifier', /<key>PayloadIdentifier<\/key>\s*<string>.*?<\/string>/, ''],
  ['an identifier with spaces', /(<key>PayloadIdentifier<\/key>\s*<string>)/g, '$1x '],
  ['one identifier for both', '.mail<', '<'],
  ['an inner identifier that is not below the outer', /(<key>PayloadIdentifier<\/key>\s*<string>)com/, '$1org'],
  ['a UUID in hexadecimal', /(?<=<key>PayloadUUID<\/key>\s*<string>)(\w+)-/, '$1'],
  ['one UUID for both', /(?<=<key>PayloadUUID<\/key>\s*<string>)[^<]*/g, '44B7EC1A-22D8-59F3-81FF-9417CF485DF8'],
  ['no payload', /(<array>).*(<\/array>)/s, '$1$2'],
  ['a payload of another kind', 'com.apple.mail.managed', 'com.apple.caldav.account'],
  ['a password', '<key>EmailAccountName', '<key>IncomingPassword'],
  ['a lock', /<key>OutgoingPasswordSame.*?<\/key>/, '<key>PreventMove</key>'],
  ['an authentication that is none', 'EmailAuthPassword', 'EmailAuthOAuth2'],
  ['a placeholder in a host name', '>imap.example.com<', '>imap.%EMAILDOMAIN%<'],
  ['no TLS on port 993', /(UseSSL<\/key>\s*)<true\/>/, '$1<false/>'],
  ['a user name without log-in', /(OutgoingMailServerAuthentication<\/key>\s*<string>)\w+/, '$1EmailAuthNone']
] as const) {
  t.test(`a profile with ${what} is faulty`, async t => t.not(faultsAfter('apple/with-name', from, to).length, 0))
}

for (const [what, golden, from, to] of [
  ['a principal URL', 'calendars-and-address-books', 'CalDAVUsername', 'CalDAVPrincipalURL'],
  ['a URL for a host', 'calendars-and-address-books', '>dav.example.com<', '>https://dav.example.com/<'],
  ['calendars without TLS', 'calendars-and-address-books', /(CalDAVUseSSL<\/key>\s*)<true\/>/, '$1<false/>'],
  ['two calendars', 'calendars-and-address-books', 'com.apple.carddav.account', 'com.apple.caldav.account'],
  ['ActiveSync without TLS', 'activesync-alone', /(SSL<\/key>\s*)<true\/>/, '$1<false/>'],
  ['calendars alone', 'activesync-alone', 'com.apple.eas.account', 'com.apple.caldav.account'],
  ['mail twice', 'activesync-beside-mail', /(EnableMail<\/key>\s*)<false\/>/, '$1<true/>']
] as const) {
  t.test(`a profile with ${what} is faulty`, async t => t.not(faultsAfter(`apple/${golden}`, from, to).length, 0))
}

t.test('an answer with another length, type or status is faulty', async t => {
  const seed = answerIn('thunderbird/seed')
  t.same(answerFaults(seed), [])
  t.same(answerFaults({ ...seed, headers: { ...seed.headers, 'content-length': 1 } }), ['not 1034 octets'])
  for (const type of ['text/plain', 'Text/XML; charset=utf-8', 'application/octet-stream', 'text/html']) {
    t.not(answerFaults({ ...seed, headers: { ...seed.headers, 'content-type': type } }).length, 0, type)
  }
  t.not(answerFaults({ ...seed, status: 404 }).length, 0)
})

t.test('a refusal that asks for a password is faulty', async t => {
  const refused = answerIn('thunderbird/unknown-domain')
  t.same(answerFaults(refused), [])
  t.not(answerFaults({ ...refused, headers: { ...refused.headers, 'www-authenticate': 'Basic' } }).length, 0)
  t.not(answerFaults({ ...refused, headers: { ...refused.headers, 'set-cookie': 'a=b' } }).length, 0)
})

for (const [what, from, to] of [
  ['an element that is not closed', '</section>', ''],
  ['elements that cross', '</h1>', '</h2>'],
  ['a bare angle bracket', '<h1>', '<h1>a < b'],
  ['no language', '<html lang="en"', '<html'],
  ['a second h1', '<h1>', '<h1></h1><h1>'],
  ['an id twice', '<h1>', '<h1 id="main">'],
  ['a picture from elsewhere', '<h1>', '<img src="https://example.com/x.png" alt=""><h1>'],
  ['a style sheet of its own', '<style>', '<link rel="stylesheet" href="/style.css"><style>'],
  ['a style attribute', '<h1>', '<h1 style="color:red">'],
  ['a handler', '<h1>', '<h1 onclick="alert(1)">'],
  ['a link that runs something', 'href="#main"', 'href="javascript:alert(1)"'],
  ['a link to another host without a scheme', 'href="#main"', 'href="//example.com"'],
  ['a link to nothing', 'href="#main"', 'href="#nothing"'],
  ['a label of nothing', 'for="name"', 'for="nobody"'],
  ['a style that the policy does not know', '<style>', '<style>b{color:red}'],
  ['a script that the policy does not know', '<script>', '<script>alert(1);'],
  ['a slot', '<h1>', '<h1>{provider} '],
  ['a bracket', '<h1>', '<h1>[Settings] '],
  ['a mark', '<h1>', '<h1>\ufdd0'],
  ['a placeholder of the table', 'imap.mailbox.org', 'imap.%EMAILDOMAIN%'],
  ['more than a page may weigh', '<h1>', `<h1>${'x'.repeat(20_000)}`]
] as const) {
  t.test(`a page with ${what} is faulty`, async t => t.not(faultsAfter('web/seed', from, to).length, 0))
}

t.test('a page with a weak policy, a cookie or a referrer is faulty', async t => {
  const page = answerIn('web/seed')
  t.same(answerFaults(page), [])
  for (const header of [
    { 'content-security-policy': `${page.headers['content-security-policy']}; style-src 'unsafe-inline'` },
    { 'content-security-policy': "default-src 'self'" },
    { 'set-cookie': 'a=b' },
    { 'referrer-policy': 'origin' }
  ]) {
    t.not(answerFaults({ ...page, headers: { ...page.headers, ...header } }).length, 0)
  }
})

for (const [what, from, to] of [
  ['two calendars', 'CardDAV', 'CalDAV'],
  ['a calendar without a URL', '<Server>https://dav.example.com/dav/', '<Server>dav.example.com'],
  ['a calendar with a port', /(https:\/\/dav.example.com\/dav\/<\/Server>)/, '$1<Port>443</Port>'],
  ['contacts before calendars', /(<Protocol>\s*<Type>CalDAV.*?<\/Protocol>)(.*?<\/Protocol>)/s, '$2$1'],
  ['a calendar that is another protocol', '<Type>CalDAV', '<Type>WebDAV']
] as const) {
  t.test(`autodiscover with ${what} is faulty`, async t => {
    t.not(faultsAfter('outlook/calendars', from, to).length, 0)
  })
}
