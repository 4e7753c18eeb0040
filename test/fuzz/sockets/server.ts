/**
 * A real `signpost serve` with http, https and an admin listener, in a separate process. It starts when it is first
 * needed, and is shared by the cases of one thread.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { readMetrics } from '../../support/admin/read-metrics.ts'
import { issue } from '../../support/certificates.ts'
import { uncovered } from '../../support/child-processes.ts'
import { mutatedLogFault } from '../answer-faults.ts'
import { ownHosts, settings } from '../table.ts'

export type Door = 'http' | 'https' | 'admin'

export interface Size {
  /** MiB of JavaScript memory after a collection. */
  readonly heap: number
  /** MiB. */
  readonly resident: number
  readonly descriptors: number
}

export interface RealServer {
  readonly ports: Readonly<Record<Door, number>>
  /** @returns the problem, if any: it has ended, or its log has an error */
  fault(): string | undefined
  /** Collects garbage first. */
  measure(): Promise<Size>
  close(): Promise<void>
}

export interface SharedServer {
  /** @returns the same server at every call; the first one starts it */
  open(): Promise<RealServer>
  /** Ends the server if there is one. */
  close(): Promise<void>
}

const root = fileURLToPath(new URL('../../../', import.meta.url))

/** Makes the server collect its garbage on demand. Why SIGWINCH: the service stops on SIGUSR2, and nothing else uses this one. */
const collector = 'data:text/javascript,process.on("SIGWINCH", () => gc())'

const greetingMs = 60_000

export function shareServer(): SharedServer {
  let server: Promise<RealServer> | undefined
  return {
    open() {
      server ??= startServer()
      return server
    },
    async close() {
      await (await server)?.close()
    }
  }
}

async function startServer(): Promise<RealServer> {
  const folder = mkdtempSync(join(tmpdir(), 'signpost-fuzz-'))
  const { pem, keyPem } = issue('signpost.example.net', { hosts: [...ownHosts] })
  writeFileSync(join(folder, 'a.pem'), pem)
  writeFileSync(join(folder, 'a.key'), keyPem)
  writeFileSync(join(folder, 'a.yaml'), toSettings(settings))
  const options = ['--expose-gc', '--import', collector]
  const places = ['--listen', '--listen-tls', '--listen-admin'].flatMap(option => [option, '127.0.0.1:0'])
  const args = [...options, 'src/main.ts', 'serve', '--config', join(folder, 'a.yaml'), ...places]
  const env = { ...process.env, ...uncovered }
  return await watch(spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] }), folder)
}

/** Why clients on the loopback are limited here: by default they are not, and counting connections is tested, too. */
function toSettings(text: string): string {
  const limits = 'limits: { headersSeconds: 2, rate: { requests: 1000000, seconds: 1, allow: [] },'
  const http = 'http: { tls: { certificates: [{ certificate: a.pem, key: a.key }] },'
  return text.replace('limits: {', limits).replace('http: {', http)
}

async function watch(child: ChildProcess, folder: string): Promise<RealServer> {
  let fault: string | undefined
  let isClosing = false
  let errors = ''
  const greeted = Promise.withResolvers<string>()
  child.stderr?.on('data', chunk => {
    // Why not everything: a server that logs every connection would fill the memory.
    errors = `${errors}${chunk}`.slice(-10_000)
    if (errors.includes('/metrics\n')) greeted.resolve(errors)
  })
  child.once('exit', (code, signal) => {
    if (!isClosing) fault ??= `the server ended with ${signal ?? code}: ${errors.slice(-2000)}`
    greeted.reject(new Error(fault))
  })
  if (child.stdout !== null) {
    createInterface(child.stdout).on('line', line => {
      fault ??= mutatedLogFault(line)
    })
  }
  const late = setTimeout(() => greeted.reject(new Error(`the server does not start: ${errors}`)), greetingMs)
  const greeting = await greeted.promise.finally(() => clearTimeout(late))
  const portAfter = (pattern: RegExp) => Number(pattern.exec(greeting)?.[1])
  const ports = {
    http: portAfter(/listens on http:\S+:(\d+)/),
    https: portAfter(/and https:\S+:(\d+)/),
    admin: portAfter(/:(\d+)\/metrics/)
  }
  return {
    ports,
    fault: () => fault,
    async measure() {
      child.kill('SIGWINCH')
      await sleep(500)
      const { figureOf } = readMetrics(await (await fetch(`http://127.0.0.1:${ports.admin}/metrics`)).text())
      const mebibytes = (name: string) => (figureOf(name) ?? Number.NaN) / 1024 / 1024
      return {
        heap: mebibytes('nodejs_heap_size_used_bytes'),
        resident: mebibytes('process_resident_memory_bytes'),
        descriptors: figureOf('process_open_fds') ?? Number.NaN
      }
    },
    async close() {
      isClosing = true
      if (child.exitCode === null && child.kill('SIGKILL')) await new Promise(done => child.once('close', done))
      rmSync(folder, { recursive: true, force: true })
    }
  }
}
