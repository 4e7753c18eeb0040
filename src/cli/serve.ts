/**
 * `signpost serve`: answers mail programs until it is told to stop.
 */
import closeWithGrace from 'close-with-grace'
import { type Command, configFile, configOption } from './command.ts'
import { openInputs } from './inputs.ts'
import { placesOf } from './places.ts'
import { openService, type Service } from './service.ts'

/** How long requests under way may take when the server is told to stop. */
const drainMs = 10_000

export const serve: Command = {
  name: 'serve',
  parameters: [],
  summary: 'Answer mail programs.',
  details: `Reads the settings table again on SIGHUP and when the file changes; a broken file leaves the last good one in use.
The parts http, limits, log and admin of the table are read at the start only; the files of signing and of http.tls again
when they change.
SIGTERM and SIGINT finish the requests under way, for at most ${drainMs / 1000} seconds; a second one stops at once.
Exit code: 0 stopped, 1 stopped at once or after an error, 2 could not start.`,
  options: {
    config: configOption,
    listen: {
      type: 'string',
      value: 'HOST:PORT',
      summary: 'where to listen (or SIGNPOST_LISTEN; default from the table); port 0 takes a free one'
    },
    'listen-tls': {
      type: 'string',
      value: 'HOST:PORT',
      summary: 'the same for https, with the certificates of the table (or SIGNPOST_LISTEN_TLS)'
    },
    'listen-admin': {
      type: 'string',
      value: 'HOST:PORT',
      summary: 'the same for health and metrics (or SIGNPOST_LISTEN_ADMIN; default from the table, else nowhere)'
    }
  },
  async run(call) {
    const inputs = openInputs(configFile(call))
    const service = await openService(inputs, placesOf(call, inputs.source.table.settings))
    try {
      call.terminal.err(await service.start())
    } catch (error) {
      // Why: a listener that has started already would keep the process.
      await service.stop(0)
      throw error
    }
    process.on('SIGHUP', service.reload)
    return await untilStopped(service)
  }
}

async function untilStopped({ logger, stop }: Service): Promise<number> {
  return await new Promise(resolve => {
    const delay = drainMs + 1000
    closeWithGrace({ delay, logger: false, skip: ['SIGHUP'] }, async ({ signal, err }) => {
      if (err) logger.fatal({ err }, 'stopping after an error')
      else logger.info(`${signal}: finishing the requests under way`)
      await stop(drainMs)
      logger.info('stopped')
      await new Promise(flushed => logger.flush(flushed))
      resolve(err ? 1 : 0)
    })
  })
}
