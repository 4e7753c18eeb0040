// A reference outside of Node: nginx sends the same document as a static file.
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Answer } from './answer.ts'
import type { LogMode } from './cases.ts'
import type { Program } from './server-process.ts'

/** Whether nginx is installed. If not, its columns are empty. */
export const hasNginx = (): boolean => spawnSync('nginx', ['-v']).error === undefined

/** @param dir an empty or new folder for its configuration, its log and the document */
export const nginx = (answer: Answer, logMode: LogMode, dir: string): Program => {
  mkdirSync(dir, { recursive: true })
  writeFileSync(join(dir, 'document'), answer.body, 'latin1')
  return {
    command: 'nginx',
    args: port => {
      const file = join(dir, 'nginx.conf')
      writeFileSync(file, configure(answer, logMode, { dir, port }))
      return ['-c', file, '-e', 'stderr']
    }
  }
}

// Why one process in the foreground: its processor time is then that of the started process, on one core.
const configure = ({ status, headers }: Answer, logMode: LogMode, { dir, port }: { dir: string; port: number }) => `
daemon off;
master_process off;
pid ${dir}/nginx.pid;
events { worker_connections 1024; }
http {
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(kind => `${kind}_temp_path ${dir}/${kind};`).join('\n  ')}
  access_log ${logMode === 'on' ? '/dev/stdout combined buffer=64k flush=250ms' : 'off'};
  keepalive_requests 1000000000;
  sendfile on;
  tcp_nopush on;
  open_file_cache max=16;
  server {
    listen 127.0.0.1:${port} backlog=1024;
    root ${dir};
    default_type "${headerOf(headers, 'content-type')}";
    ${added(headers)}
    location = /document { }
    location / { ${status === 404 ? 'return 404;' : 'rewrite ^ /document last;'} }
    # Why: a static file has no answer to a POST, and to the benchmark it is one like any other.
    error_page 405 =200 /document;
    error_page 404 /document;
  }
}
`

const NGINX_ADDS = ['content-type', 'content-length']

const added = (headers: readonly string[]): string =>
  headers
    .flatMap((name, at) => (at % 2 === 0 && !NGINX_ADDS.includes(name.toLowerCase()) ? [[name, headers[at + 1]]] : []))
    .map(([name = '', value = '']) => `add_header ${name} "${value.replaceAll('"', '\\"')}" always;`)
    .join('\n    ')

const headerOf = (headers: readonly string[], wanted: string): string =>
  headers[headers.findIndex((name, at) => at % 2 === 0 && name.toLowerCase() === wanted) + 1] ?? ''
