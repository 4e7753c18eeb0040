/**
 * `signpost serve`: answers mail programs until it is told to stop.
 */
import closeWithGrace from 'close-with-grace'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { createApp } from '../app.ts'
import { dialects } from '../dialects/index.ts'
import { writerOf } from '../dialects/writer-of.ts'
import { errors } from '../errors.ts'
import { createLogger } from '../http/log.ts'
import { describe, type Finding } from '../settings/finding.ts'
import type { Table } from '../settings/table.ts'
import { type FileSource, openFile } from '../sources/file.ts'
import { type Command, configFile, configOption } from './command.ts'

/** How long requests under way may take when the server is told to stop. */
const drainMs = 10_000

export const serve: Command = {
  name: 'serve',
  parameters: [],
  summary: 'Answer mail programs.',
  details: `Reads the settings table again on SIGHUP and when the file changes; a broken file leaves the last good one in use.
SIGTERM and SIGINT finish the requests under way, for at most ${drainMs / 1000} seconds.
Exit code: 0 stopped, 2 could not start.`,
  options: {
    config: configOption,
    listen: {
      type: 'string',
      value: 'HOST:PORT',
      summary: 'where to listen (or SIGNPOST_LISTEN; default from the table)'
    }
  },
  async run(call) {
    const source = openFile(configFile(call))
    const { http, log } = source.table.settings
    const listen = call.options.listen ?? call.terminal.env.SIGNPOST_LISTEN
    const { host = http?.host ?? '0.0.0.0', port = http?.port ?? 8080 } = listen ? parseListen(String(listen)) : {}
    for (const provider of source.table.providers) for (const dialect of dialects) writerOf(dialect, provider)
    const logger = createLogger(log)
    const app = createApp({ source, logger })
    const address = await start(app, host, port)
    call.terminal.err(greeting(address, source.table))
    return await untilStopped(app, source, logger)
  }
}

/** @throws AC_USAGE */
function parseListen(text: string): { host: string; port: number } {
  const match = /^(?:\[([\da-fA-F:.]+)\]|([^:[\]\s]*)):(\d{1,5})$/.exec(text)
  const port = Number(match?.[3])
  if (match === null || port > 65535) {
    throw errors.usage({ problem: `--listen: found "${text}", expected HOST:PORT such as 127.0.0.1:8080 or [::]:8080` })
  }
  return { host: match[1] ?? (match[2] || '0.0.0.0'), port }
}

async function start(app: FastifyInstance, host: string, port: number): Promise<string> {
  try {
    return await app.listen({ host, port })
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? ''
    const reasons: Record<string, string> = {
      EADDRINUSE: 'the port is in use',
      EACCES: 'permission denied (ports below 1024 need a privilege)',
      EADDRNOTAVAIL: 'this machine does not have the address',
      ENOTFOUND: 'the host name is not known'
    }
    throw errors.cannotListen({ address: `${host}:${port}`, reason: reasons[code] ?? String(cause), cause })
  }
}

async function untilStopped(app: FastifyInstance, source: FileSource, logger: Logger): Promise<number> {
  const reloaded = (findings: readonly Finding[]) => report(findings, source.table, logger)
  const hangUp = () => reloaded(source.reload())
  source.watch(reloaded)
  process.on('SIGHUP', hangUp)
  return await new Promise(resolve => {
    closeWithGrace({ delay: drainMs, logger: false }, async ({ signal, err }) => {
      if (err) logger.fatal({ err }, 'stopping after an error')
      else logger.info(`${signal}: finishing the requests under way`)
      process.off('SIGHUP', hangUp)
      source.close()
      await app.close()
      logger.info('stopped')
      await new Promise(flushed => logger.flush(flushed))
      resolve(err ? 1 : 0)
    })
  })
}

function report(findings: readonly Finding[], table: Table, logger: Logger): void {
  const broken = findings.some(({ severity }) => severity === 'error')
  for (const finding of findings) logger[finding.severity === 'error' ? 'error' : 'warn'](describe(finding))
  if (broken) logger.error('settings not reloaded: the last good table stays in use')
  else logger.info({ providers: table.providers.length }, 'settings reloaded')
}

function greeting(address: string, { providers }: Table): string {
  const [provider] = providers
  const domain = provider?.domains.find(name => !name.startsWith('*')) ?? 'example.com'
  const local = address.replace(/\/\/(?:0\.0\.0\.0|\[::\])/, '//localhost')
  const served = providers.map(({ id, domains }) => `  ${id}: ${domains.join(', ')}`)
  return `Signpost listens on ${address} and serves
${served.join('\n')}

Try:
  curl '${local}/mail/config-v1.1.xml?emailaddress=jane@${domain}'
  curl '${local}/email.mobileconfig?email=jane@${domain}'
  curl -H 'Host: autodiscover.${domain}' ${local}/autodiscover/autodiscover.xml
`
}
