// A real nginx in front of Signpost: terminates TLS on 443, listens on 80 too, and writes down each request.

import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Certificate } from './certificate-authority.ts'
import { WORLD_ADDRESS } from './namespace.ts'
import { type RunningProgram, start } from './program.ts'

export interface ProxiedRequest {
  method: string
  /** Without the query. */
  url: string
  status: number
}

export interface NginxOptions {
  certificate: Certificate
  /** host:port of Signpost. */
  upstream: string
}

export interface Nginx extends RunningProgram {
  requests(): Promise<ProxiedRequest[]>
}

export async function startNginx(directory: string, options: NginxOptions): Promise<Nginx> {
  await mkdir(directory)
  const accessLog = join(directory, 'access.jsonl')
  const configuration = join(directory, 'nginx.conf')
  await writeFile(configuration, configure(directory, accessLog, options))

  const program = await start('nginx', ['-c', configuration, '-e', join(directory, 'error.log')], {
    log: join(directory, 'error.log'),
    ready: [80, 443].map(port => ({ host: WORLD_ADDRESS, port }))
  })
  return {
    ...program,
    async requests() {
      const lines = (await readFile(accessLog, 'utf8')).trim()
      return lines === '' ? [] : lines.split('\n').map(line => JSON.parse(line) as ProxiedRequest)
    }
  }
}

function configure(directory: string, accessLog: string, { certificate, upstream }: NginxOptions): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  return `
daemon off;
user root;
worker_processes 1;
pid ${directory}/nginx.pid;
events {}
http {
  ${temporary.map(kind => `${kind}_temp_path ${directory}/${kind};`).join('\n  ')}
  log_format json escape=json '{"method":"$request_method","url":"$scheme://$host$uri","status":$status}';
  access_log ${accessLog} json;
  server {
    listen 80 default_server;
    listen 443 ssl default_server;
    ssl_certificate ${certificate.chain};
    ssl_certificate_key ${certificate.key};
    location / {
      proxy_pass http://${upstream};
      proxy_set_header Host $host;
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header X-Forwarded-Proto $scheme;
    }
  }
}
`
}
