/**
 * `signpost serve`: serves mail programs until it is stopped.
 */
import closeWithGrace from 'close-with-grace'
import { flushLog } from '../../http/log/flush-log.ts'
import { drainMs } from '../../serve/drain.ts'
import { holdSignals } from '../../serve/hold-signals.ts'
import type { Service } from '../../serve/service.ts'
import { openSettingsAndKeys, type SettingsAndKeys } from '../../serve/settings-and-keys.ts'
import { workerVariable } from '../../serve/workers/messages.ts'
import { type Call, type Command, configFile, configOption } from '../command.ts'
import { placesOf, workersOf } from '../options/listen-options.ts'
import { optionsOrigin, printTable, settingsOf, settingsOptions } from '../options/settings-options.ts'
import { explainNoSettings } from '../table/no-settings.ts'

export const serve: Command = {
  name: 'serve',
  parameters: [],
  summary: 'Answer mail programs.',
  details: `Reads the settings again on SIGHUP and when the file changes. If the new file has errors, the last good settings stay in use.
Changes of providers, limits, cache, log, keys and certificates take effect at once, other changes at a restart. The log names
changed settings that need one. With several workers, SIGHUP replaces the workers one by one, and few settings need a restart.
Without a settings file, --domain and --host are enough. A SERVER is HOST, HOST:PORT, HOST:PORT/tls or HOST:PORT/starttls;
without HOST it is the one of --host. Ports 993, 995 and 465 use TLS, 143, 110 and 587 STARTTLS; others need /tls or /starttls.
SIGTERM and SIGINT finish the requests in progress, for at most ${drainMs / 1000} seconds. A second signal stops at once.
Exit code: 0 stopped, 1 stopped at once or after an error, 2 could not start.`,
  options: {
    config: configOption,
    ...settingsOptions,
    listen: {
      type: 'string',
      value: 'HOST:PORT',
      summary:
        'where to listen (or SIGNPOST_LISTEN; default from the table); :PORT is all addresses, port 0 takes a free one'
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
    },
    workers: {
      type: 'string',
      value: 'N|auto',
      summary: 'processes that answer; auto: one per processor (or SIGNPOST_WORKERS; default from the table, else 1)'
    }
  },
  async run(call) {
    const worker = process.connected ? call.terminal.env[workerVariable] : undefined
    if (worker !== undefined) return await (await import('../../serve/workers/worker.ts')).runWorker(Number(worker))
    const settings = settingsOf(call)
    if (settings !== undefined && call.options.print === true) {
      call.terminal.out(printTable(settings, placesOf(call, settings), workersOf(call, settings)))
      return 0
    }
    const service = await open(call, settings && JSON.stringify(settings))
    // Why before the start: a program that sees the port open may send SIGHUP at once, which would end the process by default.
    process.on('SIGHUP', service.reload)
    const release = holdSignals()
    try {
      call.terminal.err(await service.start())
    } catch (error) {
      process.off('SIGHUP', service.reload)
      release()
      // Why: a listener that has started already would keep the process.
      await service.stop(0)
      throw error
    }
    const stopped = untilStopped(service)
    release()
    return await stopped
  }
}

/** What a stop may take beyond the requests under way, in milliseconds. Less than the time that systemd and Kubernetes allow. */
const graceMs = 3000

/** Why loaded when called: several workers are rare, and the process that keeps them answers nothing itself. */
async function open(call: Call, text: string | undefined): Promise<Service> {
  const inputs = text === undefined ? openFileOf(call) : openSettingsAndKeys(optionsOrigin, { text })
  const { settings } = inputs.source.table
  const places = placesOf(call, settings)
  const workers = workersOf(call, settings)
  if (workers === 1) return await (await import('../../serve/service.ts')).openService(inputs, places)
  return await (await import('../../serve/workers/primary.ts')).openPrimary(inputs, places, { workers })
}

/** @throws AC_NO_SETTINGS, AC_SETTINGS_UNREADABLE, AC_SETTINGS_INVALID */
function openFileOf(call: Call): SettingsAndKeys {
  const file = configFile(call)
  try {
    return openSettingsAndKeys(file)
  } catch (error) {
    throw explainNoSettings(error, file, { isAskedFor: call.options.config !== undefined })
  }
}

async function untilStopped({ logger, stop }: Service): Promise<number> {
  return await new Promise(resolve => {
    const delay = drainMs + graceMs
    closeWithGrace({ delay, logger: false, skip: ['SIGHUP'] }, async ({ signal, err }) => {
      if (err) logger.fatal({ err }, 'stopping after an error')
      else logger.info(`${signal}: finishing the requests under way`)
      await stop(drainMs)
      logger.info('stopped')
      await flushLog(logger)
      resolve(err ? 1 : 0)
    })
  })
}
