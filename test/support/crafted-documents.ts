/**
 * Documents that could slow down a parser: one part repeated many times, well-formed or not.
 */

/** @returns documents of about that many characters, by the repeated part */
export function craftedDocuments(length: number): ReadonlyMap<string, string> {
  const many = (text: string | ((index: number) => string), most = length) => {
    const of = typeof text === 'string' ? () => text : text
    const parts: string[] = []
    for (let made = 0; made < most; made += parts.at(-1)?.length ?? most) parts.push(of(parts.length))
    return parts.join('')
  }
  const half = length / 2
  return new Map([
    ...broken.map(unit => [`${unit} repeated`, many(unit)] as const),
    ...broken.map(unit => [`${unit} repeated in a tag`, `<clientConfig ${many(unit)}/>`] as const),
    ['white space in a tag', `<clientConfig${many('\t')}x/>`],
    ['a long name', `<${many('a')}`],
    ['declared document types', `<!DOCTYPE a [${many('<!DOCTYPE a')}`],
    ['elements one in another', many('<a>')],
    ['attributes', `<clientConfig ${many(index => `a${index}="" `)}/>`],
    ['servers', clientConfig(many(index => server(`h${index}.example.com`)))],
    ['servers that are the same', clientConfig(many(server('imap.example.com')))],
    ['servers that are refused', clientConfig(many(index => server(`_${index}`)))],
    ['servers without anything', clientConfig(many('<incomingServer type="imap"/>'))],
    ['domains that are refused', clientConfig(many(index => `<domain>_${index}</domain>`))],
    ['help pages', clientConfig(many('<documentation url="x"/>'))],
    ['unknown elements', clientConfig(many('<x/>'))],
    ['authentications', clientConfig(`<incomingServer type="imap">${many('<authentication/>')}</incomingServer>`)],
    ['tabs in a name', clientConfig(`<displayName>x${many('\t')}x</displayName>`)],
    ['a long user name', clientConfig(server('imap.example.com').replace('%EMAILADDRESS%', many('%EMAILADDRESS%')))],
    ['providers', `<clientConfig>${many('<emailProvider/>')}</clientConfig>`],
    ['calendars', clientConfig('', many('<calendar/>'))],
    ['addresses of a calendar', clientConfig('', `<calendar type="caldav">${many('<url/>')}</calendar>`)],
    [
      'providers and calendars',
      `<clientConfig>${many('<emailProvider/>').slice(0, 16 * (length >> 5))}${many(calendar).slice(0, calendar.length * Math.floor(length / 2 / calendar.length))}</clientConfig>`
    ],
    ['payloads', profile(many('<dict/>'))],
    ['keys of a payload', profile(`<dict>${many(index => `<key>k${index}</key><true/>`)}</dict>`)],
    ['protocols', autodiscover(many(index => protocol(`h${index}.example.com`)))],
    [
      'names of PACC',
      `{"protocols":{${many(index => `"p${index}":{"host":"a"},`)}"imap":{"host":"imap.example.com"}}}`
    ],
    [
      'domains, and user names of servers',
      clientConfig(
        many(index => `<domain>a${index}.b</domain>`, half) +
          many(index => server(`h${index}.b`).replace('%EMAIL', `x${index}%EMAIL`), half)
      )
    ],
    ['servers of a seed that are the same', seed('{"name":"example.com"}', many(',{"type":"imap","name":"a.b"}'))],
    [
      'domains and servers of a seed',
      seed(
        many(index => `,{"name":"a${index}.example"}`, half).slice(1),
        many(index => `,{"type":"imap","name":"h${index}.example"}`, half)
      )
    ],
    ['brackets', many('[')],
    ['quotes in JSON', `{${many('"')}`],
    ['commas in JSON', `{"a": [${many('1,')},]}`],
    ['lists in a seed', `{"provider":"x","domains":${many('[')}`],
    ['domains of a seed', `{"provider":"x","domains":[${many(index => `"d${index}.example",`)}"x"]}`]
  ])
}

const broken = ['<!DOCTYPE', '<!doctype "', '<a b="', '<!--', '<![CDATA[', '<?', '&', ' ', 'a=', '"']

function server(host: string): string {
  return `<incomingServer type="imap"><hostname>${host}</hostname><port>993</port><socketType>SSL</socketType><username>%EMAILADDRESS%</username><authentication>password-cleartext</authentication></incomingServer>`
}

const calendar = '<calendar type="caldav"><url>https://dav.example.com/</url></calendar>'

function clientConfig(inside: string, beside = ''): string {
  return `<clientConfig version="1.1"><emailProvider id="x"><domain>example.com</domain>${server('mail.example.com')}${inside}</emailProvider>${beside}</clientConfig>`
}

function seed(domains: string, servers: string): string {
  return `{"provider":"x","domains":[${domains}],"servers":[${servers.slice(1)}]}`
}

function profile(payloads: string): string {
  return `<plist version="1.0"><dict><key>PayloadContent</key><array>${payloads}</array></dict></plist>`
}

function protocol(host: string): string {
  return `<Protocol><Type>IMAP</Type><Server>${host}</Server><Port>993</Port></Protocol>`
}

function autodiscover(protocols: string): string {
  return `<Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006"><Response xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a"><Account><AccountType>email</AccountType><Action>settings</Action>${protocols}</Account></Response></Autodiscover>`
}
