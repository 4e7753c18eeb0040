/**
 * A static site as a Caddyfile (Caddy 2): sites for the hosts that are Signpost's alone, and a snippet for the website of
 * each mail domain.
 */
import type { StaticFile, StaticHost, StaticSite } from './static-site.ts'

/** Text of each file, by name. @param root absolute path of the tree; without spaces, quotes and braces */
export function writeCaddy({ services, domains }: StaticSite, root: string): Record<string, string> {
  const files = new Map([...services, ...domains].flatMap(host => host.files.map(file => [file.path, file] as const)))
  const snippets = [...files.values()].map(writeSnippet)
  const sites = services.map(
    host => `http://${host.host}, https://${host.host} {\n${writeHost(host, root)}${nothing}}\n`
  )
  const websites = domains.map(host => `(signpost_${host.host}) {\n${writeHost(host, root)}}\n`)
  return { Caddyfile: [intro, ...snippets, ...sites, ...websites].join('\n') }
}

const intro = `# Import this in your Caddyfile. Plain http is answered on purpose: some mail programs ask nothing else.
# The snippets at the end go into the sites of your mail domains: import signpost_example.com. Where http://example.com is
# a site of its own, into that as well.
`

const nothing = `	handle {
		header content-type "text/plain; charset=utf-8"
		respond "Nothing is served here." 404
	}
`

/**
 * Why a rewrite: Caddy compares paths in any letter case, and the file has small letters. Why 405: it would answer a POST of
 * Outlook with a file that has no user name, and Outlook make up one.
 */
function writeSnippet({ path, httpsOnly, headers }: StaticFile): string {
  const lines = Object.entries(headers)
    .filter(([name]) => name !== 'content-length')
    .map(([name, value]) => `		header ${name} "${value}"\n`)
  const toHttps = `		@clear protocol http
		redir @clear https://{host}${path} 302
`
  return `(${nameOf(path)}) {
	handle ${path} {
		@writing not method GET HEAD
		respond @writing 405
${httpsOnly ? toHttps : ''}		root * {args.0}
		rewrite * ${path}
${lines.join('')}		file_server
	}
}
`
}

function writeHost({ host, files, redirects }: StaticHost, root: string): string {
  return [
    ...files.map(({ path }) => `	import ${nameOf(path)} ${root}/${host}\n`),
    ...redirects.map(({ path, status, location }) => `	redir ${path} "${location}" ${status}\n`)
  ].join('')
}

function nameOf(path: string): string {
  return `signpost${path.replace(/[^a-z0-9]+/g, '_')}`
}
