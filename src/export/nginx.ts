/**
 * A static site as configuration of nginx: one file for the http block, with a server for the hosts that only Signpost
 * uses, and one to include in the server blocks of the websites.
 */
import {
  isCrossOrigin,
  redirectPreflight,
  type StaticFile,
  type StaticHost,
  type StaticRedirect,
  type StaticSite
} from './static-site.ts'

/** @param root absolute path of the tree, without quotes, dollar signs and braces. @returns the text of each file by name */
export function writeNginx({ services, domains }: StaticSite, root: string): Record<string, string> {
  const website = writeLocations(domains, `${root}/${websiteHost}`)
  return {
    'nginx.conf': `${intro}${writeMaps(services, domains)}${writeServer(services, root)}`,
    ...(website !== '' && { 'nginx-website.conf': `${websiteIntro}${website}` })
  }
}

const intro = `# Include this file in the http block of nginx. Every name in server_name must point to this server in the DNS, and the
# certificate must cover it. Add ssl_certificate and ssl_certificate_key here or in the http block.
# Plain http is served on purpose: some mail programs use nothing else.
`

const websiteIntro = `# Include this file in the server blocks of the website of each mail domain, for http and for https, and of
# www. before the domain if the website redirects there.
`

function writeServer(services: readonly StaticHost[], root: string): string {
  if (services.length === 0) return ''
  const names = services.map(({ host }) => `        ${host}`).join('\n')
  return `
server {
    listen 80;
    listen [::]:80;
    listen 443 ssl;
    listen [::]:443 ssl;
    server_name
${names};
    # Queries contain addresses.
    access_log off;
    # ssl_certificate     /etc/letsencrypt/live/${services[0]?.host}/fullchain.pem;
    # ssl_certificate_key /etc/letsencrypt/live/${services[0]?.host}/privkey.pem;
${indent(writeLocations(services, `${root}/$host`))}
    location / {
        default_type "text/plain; charset=utf-8";
        return 404 "Nothing is served here. [AC_NOT_FOUND]\\n";
    }
}
`
}

/** @param folder that of a host. @returns one location for each path, regardless of the number of hosts */
function writeLocations(hosts: readonly StaticHost[], folder: string): string {
  const files = new Map(hosts.flatMap(host => host.files.map(file => [file.path, file] as const)))
  const redirects = new Map(hosts.flatMap(host => host.redirects.map(redirect => [redirect.path, redirect] as const)))
  if (files.size + redirects.size === 0) return ''
  return [
    ...[...files.values()].map(file => writeFile(file, { folder, redirect: redirects.get(file.path) })),
    ...[...redirects.values()].filter(({ path }) => !files.has(path)).map(writeRedirect),
    `
location @signpost_nothing {
    access_log off;
    default_type "text/plain; charset=utf-8";
    return 404 "Nothing is served here. [AC_NOT_FOUND]\\n";
}
`
  ].join('')
}

interface FileContext {
  readonly folder: string
  /** At hosts that have a redirect instead of the file. */
  readonly redirect: StaticRedirect | undefined
}

function writeFile({ path, httpsOnly, headers }: StaticFile, { folder, redirect }: FileContext): string {
  const toHttps = `    if ($scheme = http) {\n        return 302 https://$host${path};\n    }\n`
  return `
location ${anyCase(path)} {
${redirect === undefined ? '' : writeReturn(redirect)}${httpsOnly ? toHttps : ''}    access_log off;
    root "${folder}";
    types { }
    default_type "${headers['content-type']}";
${headerLines(headers)}    try_files ${path} @signpost_nothing;
}
`
}

function writeReturn({ path, status }: StaticRedirect): string {
  return `    if (${variableOf(path)}) {\n        return ${status} ${variableOf(path)};\n    }\n`
}

// Why case-insensitive: Outlook also requests /Autodiscover/Autodiscover.xml.
function anyCase(path: string): string {
  return `~* ^${path.replaceAll('.', '\\.')}$`
}

function headerLines(headers: StaticFile['headers']): string {
  return Object.entries(headers)
    .filter(([name]) => name !== 'content-type' && name !== 'content-length')
    .map(([name, value]) => `    add_header ${name} "${value}";\n`)
    .join('')
}

/** Why exact locations: websites often refuse all paths with a dot at the start, by a regular expression. */
function writeRedirect(redirect: StaticRedirect): string {
  const { path, status, headers } = redirect
  const variable = variableOf(path)
  const locations = isCrossOrigin(redirect) ? [`= ${path}`, `= ${path}/`] : [anyCase(path)]
  return locations
    .map(
      location => `
location ${location} {
    default_type "text/plain; charset=utf-8";
    if (${variable} = "") {
        return 404 "Nothing is served here. [AC_NOT_FOUND]\\n";
    }
${isCrossOrigin(redirect) ? preflight : ''}${headerLines(headers)}    return ${status} ${variable};
}
`
    )
    .join('')
}

const preflight = `    if ($signpost_preflight) {
${indent(headerLines(redirectPreflight))}        return 204;
    }
`

/** A variable with the host of a website, without the label www. */
const websiteHost = '$signpost_host'

function writeMaps(services: readonly StaticHost[], domains: readonly StaticHost[]): string {
  const all = [...services, ...domains].flatMap(({ host, redirects }) =>
    redirects.map(redirect => ({ host, ...redirect }))
  )
  const ownNames = domains.filter(({ host }) => host.startsWith('www.')).map(({ host }) => `    ${host} ${host};\n`)
  const hosts = `
map $host ${websiteHost} {
    default $host;
    "~^www\\.(?<signpost_domain>.+)$" $signpost_domain;
${ownNames.join('')}}
`
  const redirects = [...Map.groupBy(all, ({ path }) => path)].map(([path, group]) => {
    const lines = group.map(({ host, location }) => `    ${host} "${location}";\n`)
    return `\nmap ${websiteHost} ${variableOf(path)} {\n    default "";\n${lines.join('')}}\n`
  })
  return [hosts, ...redirects, ...(all.some(isCrossOrigin) ? [preflightMap] : [])].join('')
}

const preflightMap = `
map "$request_method $http_access_control_request_method" $signpost_preflight {
    default "";
    "~^OPTIONS ." 1;
}
`

/** Why only letters and digits: a dot ends the name of a variable. */
function variableOf(path: string): string {
  return `$signpost_${path.slice(path.lastIndexOf('/') + 1).replace(/[^a-z0-9]/g, '_')}`
}

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, '    ')
}
