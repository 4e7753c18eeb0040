/**
 * A static site as a Caddyfile (Caddy 2): sites for the hosts that only Signpost uses, and a snippet for the website of each
 * mail domain.
 */
import {
  isCrossOrigin,
  redirectPreflight,
  type StaticFile,
  type StaticHost,
  type StaticRedirect,
  type StaticSite
} from './static-site.ts'

/** @param root absolute path of the tree, without spaces, quotes and braces. @returns the text of each file by name */
export function writeCaddy({ services, domains }: StaticSite, root: string): Record<string, string> {
  const files = new Map([...services, ...domains].flatMap(host => host.files.map(file => [file.path, file] as const)))
  const snippets = [...files.values()].map(writeSnippet)
  const sites = services.map(
    host => `http://${host.host}, https://${host.host} {\n${writeHost(host, root)}${fallback}}\n`
  )
  const websites = domains.map(host => `(signpost_${host.host}) {\n${writeHost(host, root)}}\n`)
  return { Caddyfile: [intro, ...snippets, ...sites, ...websites].join('\n') }
}

const intro = `# Import this file in your Caddyfile. It serves plain http on purpose: some mail programs use nothing else.
# The snippets at the end belong in the sites of your mail domains: import signpost_example.com. If http://example.com is a
# separate site, import the snippet there, too.
`

const fallback = `	handle {
		header content-type "text/plain; charset=utf-8"
		respond "Nothing is served here. [AC_NOT_FOUND]" 404
	}
`

/**
 * Why a rewrite: Caddy matches paths case-insensitively, but the file name is in lower case. Why 405: a POST of Outlook would
 * get a file without a user name, and Outlook would invent one.
 */
function writeSnippet({ path, httpsOnly, headers }: StaticFile): string {
  const toHttps = `		@clear protocol http
		redir @clear https://{host}${path} 302
`
  return `(${nameOf(path)}) {
	handle ${path} {
		@writing not method GET HEAD
		respond @writing 405
${httpsOnly ? toHttps : ''}		root * {args.0}
		rewrite * ${path}
${headerLines(headers, '		')}		file_server
	}
}
`
}

function writeHost({ host, files, redirects }: StaticHost, root: string): string {
  return [
    ...files.map(({ path }) => `	import ${nameOf(path)} ${root}/${host}\n`),
    ...redirects.map(writeRedirect)
  ].join('')
}

function writeRedirect(redirect: StaticRedirect): string {
  const { path, status, location, headers } = redirect
  if (!isCrossOrigin(redirect)) return `	redir ${path} "${location}" ${status}\n`
  return [path, `${path}/`]
    .map(
      each => `	handle ${each} {
		@preflight {
			method OPTIONS
			header Access-Control-Request-Method *
		}
		handle @preflight {
${headerLines(redirectPreflight, '			')}			respond 204
		}
		handle {
${headerLines(headers, '			')}			redir "${location}" ${status}
		}
	}
`
    )
    .join('')
}

function headerLines(headers: StaticFile['headers'], indent: string): string {
  return Object.entries(headers)
    .filter(([name]) => name !== 'content-length')
    .map(([name, value]) => `${indent}header ${name} "${value}"\n`)
    .join('')
}

function nameOf(path: string): string {
  return `signpost${path.replace(/[^a-z0-9]+/g, '_')}`
}
