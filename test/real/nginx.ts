// A real nginx in front of Signpost, or with its own site: terminates TLS on 443, also listens on 80, and logs
// each request.

import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Certificate } from './certificate-authority.ts'
import { WORLD_ADDRESS } from './namespace.ts'
import { type RunningProgram, start } from './program.ts'

export interface ProxiedRequest {
  /** Method and URL without the query. */
  asked: string
  /** Of the server. */
  port: number
  /** As it was sent. */
  query: string
  /** The User-Agent header. */
  agent: string
  status: number
}

export interface NginxOptions {
  certificate: Certificate
  /** host:port of Signpost, or configuration for the http block. */
  upstream: string | { site: string }
}

export interface Nginx extends RunningProgram {
  /**
   * Waits for a while until the expected requests have been logged.
   * @param skip number of requests to leave out, those that were logged before
   * @returns all requests that were answered so far
   */
  requests(expected: string[], skip?: number): Promise<ProxiedRequest[]>
}

/** A header field of requests that are not logged, such as those of a model. */
export const UNLOGGED = { 'x-unlogged': 'yes' }

const LOG_ATTEMPTS = 50
const LOG_INTERVAL = 100

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
    async requests(expected, skip = 0) {
      // Why: nginx sends its answer first and writes the line after that.
      for (let attempt = 1; ; attempt += 1) {
        const requests = (await readLog(accessLog)).slice(skip)
        const asked = new Set(requests.map(request => request.asked))
        if (expected.every(request => asked.has(request)) || attempt === LOG_ATTEMPTS) return requests
        await sleep(LOG_INTERVAL)
      }
    }
  }
}

async function readLog(path: string): Promise<ProxiedRequest[]> {
  const lines = (await readFile(path, 'utf8')).split('\n').filter(line => line !== '')
  return lines.map(line => JSON.parse(line) as ProxiedRequest)
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
  log_format json escape=json '{"asked":"$request_method $scheme://$host$uri","query":"$args",'
    '"agent":"$http_user_agent","port":$server_port,"status":$status}';
  map $http_x_unlogged $is_logged { "" 1; default 0; }
  access_log ${accessLog} json if=$is_logged;
  # Older nginx versions support TLS 1.3 only if configured, and doctor notes that PACC expects it.
  ssl_protocols TLSv1.2 TLSv1.3;
  ssl_certificate ${certificate.chain};
  ssl_certificate_key ${certificate.key};
${typeof upstream === 'string' ? proxyOf(upstream) : upstream.site}
}
`
}

/** @returns configuration for the http block: hosts without a separate server block are served by the upstream */
export function proxyOf(upstream: string): string {
  return `  server {
    listen 80 default_server;
    listen 443 ssl default_server;
    location / {
      proxy_pass http://${upstream};
      proxy_set_header Host $host;
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header X-Forwarded-Proto $scheme;
    }
  }`
}
