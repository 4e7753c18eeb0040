// The reverse proxies of config/, with Debian's packages and the shipped files, in which only paths are changed.

import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Certificate } from './certificate-authority.ts'
import { WORLD_ADDRESS } from './namespace.ts'
import { type RunningProgram, start } from './program.ts'

export interface ShippedProxy {
  readonly name: string
  /** Path of the file in config/. */
  readonly file: string
  /** @param directory a new folder for the files of the program */
  readonly start: (directory: string, certificate: Certificate) => Promise<RunningProgram>
}

const ready = [80, 443].map(port => ({ host: WORLD_ADDRESS, port }))

export const shippedProxies: readonly ShippedProxy[] = [
  {
    name: 'nginx',
    file: 'nginx/signpost.conf',
    async start(directory, certificate) {
      const site = await shipped(this.file, certificate)
      const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
      const file = await write(directory, {
        'site.conf': site,
        'nginx.conf': `daemon off; user root; pid ${directory}/nginx.pid; events {}
          http { ${temporary.map(kind => `${kind}_temp_path ${directory}/${kind};`).join(' ')} include ${directory}/site.conf; }`
      })
      const log = join(directory, 'error.log')
      return start('nginx', ['-c', file('nginx.conf'), '-e', log], { log, ready })
    }
  },
  {
    name: 'Caddy',
    file: 'caddy/Caddyfile',
    async start(directory, { chain, key }) {
      const site = (await shipped(this.file, { chain, key })).replace(
        /^(autoconfig\.example\.com.*\{)$/m,
        `$1\n\ttls ${chain} ${key}`
      )
      const file = await write(directory, { Caddyfile: `{\n\tadmin off\n}\n${site}` })
      const env = { HOME: directory, XDG_DATA_HOME: directory, XDG_CONFIG_HOME: directory }
      const log = join(directory, 'caddy.log')
      return start('caddy', ['run', '--config', file('Caddyfile'), '--adapter', 'caddyfile'], { log, ready, env })
    }
  },
  {
    name: 'Apache',
    file: 'apache/signpost.conf',
    async start(directory, certificate) {
      const modules = ['mpm_event', 'authz_core', 'ssl', 'proxy', 'proxy_http', 'headers', 'macro']
      const file = await write(directory, {
        'site.conf': await shipped(this.file, certificate),
        'apache2.conf': `
          ServerRoot ${directory}
          PidFile ${directory}/apache2.pid
          ServerName localhost
          Listen 80
          Listen 443
          User www-data
          ErrorLog ${directory}/error.log
          # As in /etc/apache2/conf-enabled/other-vhosts-access-log.conf of Debian.
          CustomLog ${directory}/access.log "%v:%p %h %t \\"%r\\" %>s"
          ${modules.map(name => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`).join('\n')}
          Include ${directory}/site.conf`
      })
      const log = join(directory, 'error.log')
      return start('apache2', ['-f', file('apache2.conf'), '-D', 'FOREGROUND'], { log, ready })
    }
  }
]

/** @returns the file of config/ with the actual paths of the certificate */
async function shipped(file: string, { chain, key }: Certificate): Promise<string> {
  const text = await readFile(new URL(`../../config/${file}`, import.meta.url), 'utf8')
  return text
    .replaceAll('/etc/letsencrypt/live/example.com/fullchain.pem', chain)
    .replaceAll('/etc/letsencrypt/live/example.com/privkey.pem', key)
}

async function write(directory: string, files: Readonly<Record<string, string>>): Promise<(name: string) => string> {
  await mkdir(directory)
  const path = (name: string) => join(directory, name)
  for (const [name, text] of Object.entries(files)) await writeFile(path(name), text)
  return path
}
