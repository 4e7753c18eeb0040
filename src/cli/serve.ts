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
import { describe } from '../settings/finding.ts'
import { type FileSource, openFile } from '../sources/file.ts'
import { openSigning, type Signing } from '../sources/signing.ts'
import { type Call, type Command, configFile, configOption } from './command.ts'
import { createDrain, type Drain } from './drain.ts'
import { greeting } from './greeting.ts'

/** How long requests under way may take when the server is told to stop. */
const drainMs = 10_000

export const serve: Command = {
  name: 'serve',
  parameters: [],
  summary: 'Answer mail programs.',
  details: `Reads the settings table again on SIGHUP and when the file changes; a broken file leaves the last good one in use.
The part http of the table, and log, are read at the start only; the files of signing again when they change.
SIGTERM and SIGINT finish the requests under way, for at most ${drainMs / 1000} seconds; a second one stops at once.
Exit code: 0 stopped, 1 stopped at once or after an error, 2 could not start.`,
  options: {
    config: configOption,
    listen: {
      type: 'string',
      value: 'HOST:PORT',
      summary: 'where to listen (or SIGNPOST_LISTEN; default from the table); port 0 takes a free one'
    }
  },
  async run(call) {
    const file = configFile(call)
    const source = openFile(file)
    const signing = openSigning(file, () => source.table.settings.signing)
    const { http, log } = source.table.settings
    const { host = http?.host ?? '0.0.0.0', port = http?.port ?? 8080 } = askedPlace(call) ?? {}
    for (const provider of source.table.providers) for (const dialect of dialects) writerOf(dialect, provider)
    const logger = createLogger(log)
    const app = createApp({ source, logger, signing })
    const drain = createDrain(app)
    await listen(app, host, port)
    const places = app.addresses().filter(place => typeof place === 'object')
    call.terminal.err(greeting(places, source.table))
    report(source, logger)
    reportSigning(signing, logger)
    return await untilStopped(drain, { source, signing, logger })
  }
}

/** @throws AC_USAGE */
function askedPlace({ options, terminal }: Call): { host: string; port: number } | undefined {
  const name = options.listen === undefined ? 'SIGNPOST_LISTEN' : '--listen'
  const text = String(options.listen ?? terminal.env.SIGNPOST_LISTEN ?? '')
  if (text === '') return undefined
  const match = /^(?:\[([\da-fA-F:.]+)\]|([^:[\]\s]*)):(\d{1,5})$/.exec(text)
  const port = Number(match?.[3])
  if (match === null || port > 65535) {
    throw errors.usage({
      problem: `${name}: found "${text}", expected HOST:PORT such as 127.0.0.1:8080, [::]:8080 or :8080`
    })
  }
  return { host: match[1] ?? (match[2] || '0.0.0.0'), port }
}

/** @throws AC_CANNOT_LISTEN */
async function listen(app: FastifyInstance, host: string, port: number): Promise<void> {
  try {
    await app.listen({ host, port })
  } catch (cause) {
    const { code = '', message } = cause as NodeJS.ErrnoException
    const address = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
    throw errors.cannotListen({ address, reason: reasons[code] ?? message, cause })
  }
}

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the port is in use',
  EACCES: 'permission denied (ports below 1024 need a privilege)',
  EADDRNOTAVAIL: 'this machine does not have the address',
  ENOTFOUND: 'the host name is not known'
}

interface Served {
  readonly source: FileSource
  readonly signing: Signing
  readonly logger: Logger
}

async function untilStopped(drain: Drain, { source, signing, logger }: Served): Promise<number> {
  const reloaded = () => {
    report(source, logger)
    const broken = source.findings.some(({ severity }) => severity === 'error')
    if (broken) logger.error('settings not reloaded: the last good table stays in use')
    else logger.info({ providers: source.table.providers.length }, 'settings reloaded')
  }
  source.watch(reloaded)
  signing.watch(() => reportSigning(signing, logger))
  process.on('SIGHUP', () => {
    source.reload()
    reloaded()
    signing.reload()
    reportSigning(signing, logger)
  })
  return await new Promise(resolve => {
    const delay = drainMs + 1000
    closeWithGrace({ delay, logger: false, skip: ['SIGHUP'] }, async ({ signal, err }) => {
      if (err) logger.fatal({ err }, 'stopping after an error')
      else logger.info(`${signal}: finishing the requests under way`)
      source.close()
      signing.close()
      await drain(drainMs)
      logger.info('stopped')
      await new Promise(flushed => logger.flush(flushed))
      resolve(err ? 1 : 0)
    })
  })
}

function report({ findings }: FileSource | Signing, logger: Logger): void {
  for (const finding of findings) logger[finding.severity === 'error' ? 'error' : 'warn'](describe(finding))
}

function reportSigning(signing: Signing, logger: Logger): void {
  report(signing, logger)
  const key = signing.keyAt(Date.now())
  if (key !== undefined) logger.info({ by: key.name, until: new Date(key.notAfter) }, 'profiles are signed')
}
