/**
 * A static site as configuration of nginx: one file for the http block, with a server for the hosts that only Signpost
 * uses, and one to include in the server blocks of the websites.
 */
import type { StaticFile, StaticHost, StaticSite } from './static-site.ts'

/** @param root absolute path of the tree, without quotes, dollar signs and braces. @returns the text of each file by name */
export function writeNginx({ services, domains }: StaticSite, root: string): Record<string, string> {
  const website = writeLocations(domains, root)
  return {
    'nginx.conf': `${intro}${writeMaps(domains)}${writeServer(services, root)}`,
    ...(website !== '' && { 'nginx-website.conf': `${websiteIntro}${website}` })
  }
}

const intro = `# Include this file in the http block of nginx. Every name in server_name must point to this server in the DNS, and the
# certificate must cover it. Add ssl_certificate and ssl_certificate_key here or in the http block.
# Plain http is served on purpose: some mail programs use nothing else.
`

const websiteIntro = `# Include this file in the server blocks of the website of each mail domain, for http and for https.
`

function writeServer(services: readonly StaticHost[], root: string): string {
  if (services.length === 0) return ''
  const names = services.map(({ host }) => `        ${host}`).join('\n')
  return `
server {
    listen 80;
    listen 443 ssl;
    server_name
${names};
    # ssl_certificate     /etc/letsencrypt/live/${services[0]?.host}/fullchain.pem;
    # ssl_certificate_key /etc/letsencrypt/live/${services[0]?.host}/privkey.pem;
${indent(writeLocations(services, root))}
    location / {
        default_type "text/plain; charset=utf-8";
        return 404 "Nothing is served here. [AC_NOT_FOUND]\\n";
    }
}
`
}

/** @returns one location for each path, regardless of the number of hosts */
function writeLocations(hosts: readonly StaticHost[], root: string): string {
  const files = new Map(hosts.flatMap(host => host.files.map(file => [file.path, file] as const)))
  const redirects = new Set(hosts.flatMap(host => host.redirects.map(({ path }) => path)))
  if (files.size + redirects.size === 0) return ''
  return [
    ...[...files.values()].map(file => writeFile(file, root)),
    ...[...redirects].map(writeRedirect),
    `
location @signpost_nothing {
    default_type "text/plain; charset=utf-8";
    return 404 "Nothing is served here. [AC_NOT_FOUND]\\n";
}
`
  ].join('')
}

function writeFile({ path, httpsOnly, headers }: StaticFile, root: string): string {
  // Why case-insensitive: Outlook also requests /Autodiscover/Autodiscover.xml.
  return `
location ~* ^${path.replaceAll('.', '\\.')}$ {
${httpsOnly ? `    if ($scheme = http) {\n        return 302 https://$host${path};\n    }\n` : ''}    root "${root}/$host";
    types { }
    default_type "${headers['content-type']}";
${headerLines(headers)}    try_files ${path} @signpost_nothing;
}
`
}

function headerLines(headers: StaticFile['headers']): string {
  return Object.entries(headers)
    .filter(([name]) => name !== 'content-type' && name !== 'content-length')
    .map(([name, value]) => `    add_header ${name} "${value}";\n`)
    .join('')
}

function writeRedirect(path: string): string {
  const variable = variableOf(path)
  // Why 307: it preserves the method PROPFIND.
  return `
location = ${path} {
    default_type "text/plain; charset=utf-8";
    if (${variable} = "") {
        return 404 "Nothing is served here. [AC_NOT_FOUND]\\n";
    }
    add_header cache-control "public, max-age=3600";
    return 307 ${variable};
}
`
}

function writeMaps(domains: readonly StaticHost[]): string {
  const all = domains.flatMap(({ host, redirects }) => redirects.map(redirect => ({ host, ...redirect })))
  return [...Map.groupBy(all, ({ path }) => path)]
    .map(([path, group]) => {
      const lines = group.map(({ host, location }) => `    ${host} "${location}";\n`)
      return `\nmap $host ${variableOf(path)} {\n    default "";\n${lines.join('')}}\n`
    })
    .join('')
}

function variableOf(path: string): string {
  return `$signpost_${path.slice(path.lastIndexOf('/') + 1)}`
}

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, '    ')
}
